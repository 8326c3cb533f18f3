/* memory_test.c: every allocation of ours fails once, in turn: each step of import, loading, planning and vetting must
 * end in success or in an error, with everything freed. The linker hands us malloc, calloc and realloc. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kolander.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static long countdown; /* 0: none fails */
static bool struck;

static bool fails(void) {
	if (countdown == 0 || --countdown > 0)
		return false;
	struck = true;
	return true;
}

void *__wrap_malloc(size_t n) { return fails() ? NULL : __real_malloc(n); }
void *__wrap_calloc(size_t n, size_t size) { return fails() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *p, size_t n) { return fails() ? NULL : __real_realloc(p, n); }

static char folder[] = "/tmp/kolander-memory-XXXXXX", roster[64], data[64], rules[64], stdlib[64];

static const char lines[] =
    "{\"type\":\"brand\",\"id\":\"b\",\"name\":\"B\"}\n"
    "{\"type\":\"campaign\",\"id\":\"c\",\"brand_id\":\"b\",\"markets\":[\"DE\",\"US\"],\"competitors\":[\"Rival\"]}\n"
    "{\"type\":\"creator\",\"platform\":\"instagram\",\"handle\":\"a.demo\",\"followers\":1000,\"country\":\"DE\"}\n"
    "{\"type\":\"audience\",\"platform\":\"instagram\",\"handle\":\"a.demo\",\"dimension\":\"country\",\"segment\":"
    "\"DE\",\"share\":0.5}\n"
    "{\"type\":\"post\",\"platform\":\"instagram\",\"handle\":\"a.demo\",\"id\":\"p1\",\"posted_at\":\"2026-11-01\","
    "\"views\":100,\"caption\":\"Good tea, sh1t caf\\u00e9 #\\u0430d, use code TEA20! Brisk is not bad, gooood\"}\n";

static const char lua[] =
    "rule \"a/need\" { title = \"t\", level = \"review\", set = { least = 5000 }, need = \"creator.followers >= "
    "set.least\" }\n"
    "rule \"a/share\" { title = \"t\", level = \"note\", each = \"market\", need = \"share(creator.audience.country, "
    "market) > 0.6\" }\n"
    "rule \"a/posts\" { title = \"t\", level = \"note\", each = \"post\", need = \"post.views > 500\" }\n"
    "rule \"a/count\" { title = \"t\", level = \"note\", need = \"median(views of posts where age_days < 90) > 5\" }\n"
    "rule \"a/check\" { title = \"t\", level = \"note\", check = function(creator) for _, p in ipairs(creator:posts "
    "{}) do\n"
    "  if p.views < 500 then return fail(\"{n} views\", { n = p.views }) end end end }\n"
    "lexicon \"bad\" { terms = { \"shit\", \"tea cup*\", \"#ad\", \"茶\" }, except = { \"good shit\" }, language = "
    "\"en\" }\n"
    "lexicon \"brand\" { from = \"campaign.brand\" }\n"
    "rule \"b/hits\" { title = \"t\", level = \"note\", need = \"hits('bad', 900) < 1\" }\n"
    "rule \"b/texts\" { title = \"t\", level = \"note\", each = \"post\", when = \"post.commercial\", need = "
    "[[has(post.caption, 'brand') and near(post.caption, 'bad', 'brand') and matches(post.caption, '(?i)code \\w+') "
    "and "
    "sentiment(post.caption) > 0.9]] }\n"
    "rule \"b/check\" { title = \"t\", level = \"note\", each = \"post\", check = function(post)\n"
    "  return fail(\"{l} {s} {a} {t}\", { l = text.language(post.caption), s = text.sentiment(post.caption), a = "
    "text.sentiment_about(post.caption, \"brand\"), t = #post.hashtags + #post.codes }, post:hits \"bad\") end }\n";

/* Small lexicons of the host's: the real ones are only longer. */
static const char *const stock[][2] = {{"languages", "[en]\nis\t2\nnot\t2\nthe\t1\nuse\t1\n[de]\nist\t3\n"},
                                       {"commercial", "use code\n"},
                                       {"purchase", "tea\n"},
                                       {"sentiment/emoji", "[words]\n:)\t2\n"},
                                       {"sentiment/de", "[words]\ngut\t2\n"},
                                       {"sentiment/en", "[words]\ngood\t2\nbad\t-2\n[negate]\nnot\n"},
                                       {"sentiment/es", "[words]\n"},
                                       {"sentiment/fr", "[words]\n"},
                                       {"sentiment/it", "[words]\n"},
                                       {"sentiment/ja", "[words]\n"},
                                       {"sentiment/ko", "[words]\n"},
                                       {"sentiment/pt", "[words]\n"},
                                       {"sentiment/zh", "[words]\n好\t2\n"}};

static bool write_file(const char *path, const char *text) {
	FILE *f = fopen(path, "w");
	return f && fputs(text, f) >= 0 && fclose(f) == 0;
}

static bool visit(void *user, const kol_verdict *v) {
	*(int *)user += kol_verdict_findings(v) > 0;
	return true;
}

static kol_status import(void) {
	kol_import_options options = {.roster = roster, .file = data};
	kol_import_report report;
	kol_error err;
	return kol_import(&options, &report, &err);
}

static kol_status vet(void) {
	kol_ruleset *ruleset = NULL;
	kol_plan *plan = NULL;
	kol_problems *problems = NULL, *more = NULL;
	kol_error err;
	int seen = 0;
	kol_plan_options options = {.roster = roster, .campaign = "c", .as_of = "2026-11-20"};
	kol_status status = kol_ruleset_open(rules, NULL, &ruleset, &problems, &err);
	if (!status)
		status = kol_plan_open(ruleset, &options, &plan, &more, &err);
	if (!status)
		status = kol_vet(plan, visit, &seen, &err);
	if (!status && !seen && !struck)
		status = KOL_E_BUG; /* silence is no answer */
	kol_plan_close(plan);
	kol_ruleset_close(ruleset);
	kol_problems_close(problems);
	kol_problems_close(more);
	return status;
}

static kol_status look(void) {
	static const char text[] = "Good tea, k i l l caf\xC3\xA9 #\xD0\xB0"
	                           "d https://amzn.to/x use code TEA20, not bad 好";
	kol_ruleset *ruleset = NULL;
	kol_problems *problems = NULL;
	kol_reader *reader = NULL;
	const char *json;
	size_t n;
	kol_error err;
	kol_status status = kol_ruleset_open(rules, NULL, &ruleset, &problems, &err);
	if (!status)
		status = kol_reader_open(ruleset, NULL, &reader, &err);
	if (!status)
		status = kol_reader_read(reader, text, strlen(text), NULL, &json, &n, &err);
	if (!status && !n)
		status = KOL_E_BUG;
	kol_reader_close(reader);
	kol_ruleset_close(ruleset);
	kol_problems_close(problems);
	return status;
}

static bool write_stock(void) {
	char path[160];
	snprintf(path, sizeof path, "%s/lexicons", stdlib);
	bool fine = !mkdir(stdlib, 0700) && !mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/lexicons/sentiment", stdlib);
	fine = fine && !mkdir(path, 0700);
	for (size_t i = 0; fine && i < sizeof stock / sizeof *stock; i++) {
		snprintf(path, sizeof path, "%s/lexicons/%s.txt", stdlib, stock[i][0]);
		fine = write_file(path, stock[i][1]);
	}
	return fine;
}

static void remove_stock(void) {
	static const char *const folders[] = {"/lexicons/sentiment", "/lexicons", ""};
	char path[160];
	for (size_t i = 0; i < sizeof stock / sizeof *stock; i++) {
		snprintf(path, sizeof path, "%s/lexicons/%s.txt", stdlib, stock[i][0]);
		unlink(path);
	}
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s%s", stdlib, folders[i]);
		rmdir(path);
	}
}

/* Lets the first, second, third … allocation fail until the run needs no more of them. */
static bool step_through(const char *what, int number, kol_status (*run)(void), void (*before)(void)) {
	for (long at = 1; at < 100000; at++) {
		before();
		struck = false;
		countdown = at;
		kol_status status = run();
		countdown = 0;
		if (!struck) {
			printf("%s %d - %s, with each of %ld allocations failing once\n", status ? "not ok" : "ok", number, what,
			       at - 1);
			return status == KOL_OK;
		}
	}
	printf("not ok %d - %s never came through\n", number, what);
	return false;
}

static void remove_roster(void) { unlink(roster); }
static void keep_roster(void) {}

int main(void) {
	if (!mkdtemp(folder))
		return 1;
	snprintf(roster, sizeof roster, "%s/r.db", folder);
	snprintf(data, sizeof data, "%s/r.ndjson", folder);
	snprintf(rules, sizeof rules, "%s/rules", folder);
	char file[96];
	snprintf(file, sizeof file, "%s/r.lua", rules);
	snprintf(stdlib, sizeof stdlib, "%s/stdlib", folder);
	setenv("KOLANDER_STDLIB", stdlib, 1);
	if (mkdir(rules, 0700) || !write_file(data, lines) || !write_file(file, lua) || !write_stock())
		return 1;
	puts("1..3");
	bool fine = step_through("import", 1, import, remove_roster);
	remove_roster();
	if (import() != KOL_OK)
		return 1;
	fine &= step_through("vet", 2, vet, keep_roster);
	fine &= step_through("a text", 3, look, keep_roster);
	remove_stock();
	unlink(file);
	rmdir(rules);
	unlink(data);
	unlink(roster);
	rmdir(folder);
	return fine ? 0 : 1;
}
