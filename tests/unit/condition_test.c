/* condition_test.c: asks conditions of frames made by hand and compares with a written-out truth table:
 * T true, F false, U unknown, one letter per creator; or a part of the error that must be told. Prints TAP. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "rules/condition.h"
#include "rules/template.h"

#define AS_OF (1000 * (int64_t)86400 - 1)
#define ROWS 4

static int tests, failures;

static void check(bool ok, const char *what, const char *detail) {
	printf("%s %d - %s%s%s\n", ok ? "ok" : "not ok", ++tests, what, ok ? "" : " # ", ok ? "" : detail);
	failures += !ok;
}

static field creator_fields[] = {
    {"followers", "", KIND_NUMBER, false, ""}, {"engagement_rate", "", KIND_SHARE, false, ""},
    {"country", "", KIND_TEXT, false, ""},     {"verified", "", KIND_FLAG, false, ""},
    {"language", "", KIND_TEXT, false, ""},    {"fee", "", KIND_MONEY, false, ""},
    {"currency", "", KIND_TEXT, false, ""},    {"updated_at", "", KIND_TIME, false, ""}};
static field post_fields[] = {{"posted_at", "", KIND_TIME, false, ""},
                              {"age_days", "", KIND_NUMBER, false, ""},
                              {"views", "", KIND_NUMBER, false, ""},
                              {"sponsored", "", KIND_FLAG, false, ""}};
static field audience_fields[] = {{"dimension", "", KIND_TEXT, false, ""},
                                  {"segment", "", KIND_TEXT, false, ""},
                                  {"share", "", KIND_SHARE, false, ""}};
static catalogue fields = {
    .fields = {[TABLE_CREATOR] = creator_fields, [TABLE_POST] = post_fields, [TABLE_AUDIENCE] = audience_fields},
    .count = {[TABLE_CREATOR] = 8, [TABLE_POST] = 4, [TABLE_AUDIENCE] = 3},
    .present = {[TABLE_CREATOR] = true, [TABLE_POST] = true, [TABLE_AUDIENCE] = true}};

/* Creator 0 has everything, 1 little, 2 nothing but posts not collected, 3 a partly listed audience. */
static const double numbers[ROWS][8] = {{1000, 0.05, 0, 1, 0, 500, 0, AS_OF - 10 * 86400},
                                        {50, 0.5, 0, 0, 0, 100, 0, NAN},
                                        {NAN, NAN, 0, NAN, 0, NAN, 0, NAN},
                                        {2000, 0.1, 0, 1, 0, 100, 0, AS_OF}};
static const char *const texts[ROWS][8] = {{0, 0, "US", 0, "en-US", 0, "EUR", 0},
                                           {0, 0, "DE", 0, "de", 0, "USD", 0},
                                           {0},
                                           {0, 0, "FR", 0, "english", 0, NULL, 0}};
static const struct {
	int owner;
	double age, views, sponsored;
} posts[] = {{0, 5, 100, 1}, {0, 20, 300, 0}, {0, 200, 50, NAN}, {1, 3, NAN, 1}, {1, 40, 10, NAN}, {2, 1, 7, 1}};
static const struct {
	int owner;
	const char *dimension, *segment;
	double share;
} audience[] = {{0, "country", "US", 0.6}, {0, "country", "DE", 0.4}, {1, "country", "DE", 0.3},
                {3, "country", "FR", 0.5}, {3, "country", "US", 0.2}, {3, "gender", "female", 0.9}};

static frame make_frame(arena *a, enum table t, const fetch *want, int rows, const frame *parent) {
	frame f = {.table = t, .catalogue = &fields, .fetch = want, .rows = rows, .parent = parent};
	f.columns = ARENA_ARRAY(a, column, want->count[t] + 1);
	f.owner = ARENA_ARRAY(a, uint16_t, FRAME_ROWS);
	for (int i = 0; i < want->count[t]; i++) /* one array serves both: the test asks for one kind per slot */
		if (frame_kind(&f, i) == KIND_TEXT)
			f.columns[i].text = ARENA_ARRAY(a, str, FRAME_ROWS);
		else
			f.columns[i].num = ARENA_ARRAY(a, double, FRAME_ROWS);
	return f;
}

/* Creator rows beyond the four repeat them, so that whole words of masks are filled. */
static void fill_creators(frame *f) {
	for (int s = 0; s < f->fetch->count[TABLE_CREATOR]; s++)
		for (int i = 0; i < f->rows; i++)
			if (frame_kind(f, s) == KIND_TEXT)
				f->columns[s].text[i] = str_of(texts[i % ROWS][f->fetch->field[TABLE_CREATOR][s]]);
			else
				f->columns[s].num[i] = numbers[i % ROWS][f->fetch->field[TABLE_CREATOR][s]];
}

static void fill_children(frame *p, frame *u) {
	p->rows = (int)(sizeof posts / sizeof posts[0]);
	u->rows = (int)(sizeof audience / sizeof audience[0]);
	for (int i = 0; i < p->rows; i++) {
		double row[4] = {(double)AS_OF - posts[i].age * 86400, posts[i].age, posts[i].views, posts[i].sponsored};
		p->owner[i] = (uint16_t)posts[i].owner;
		for (int s = 0; s < p->fetch->count[TABLE_POST]; s++)
			p->columns[s].num[i] = row[p->fetch->field[TABLE_POST][s]];
	}
	for (int i = 0; i < u->rows; i++) {
		u->owner[i] = (uint16_t)audience[i].owner;
		for (int s = 0; s < u->fetch->count[TABLE_AUDIENCE]; s++) {
			int which = u->fetch->field[TABLE_AUDIENCE][s];
			if (which == 2)
				u->columns[s].num[i] = audience[i].share;
			else
				u->columns[s].text[i] = str_of(which ? audience[i].segment : audience[i].dimension);
		}
	}
}

/* Posts of creators 0, 1 and 3 are complete for 100 days. */
static const coverage *make_coverage(void) {
	static coverage c;
	static span spans[FRAME_ROWS];
	c.spans[COVERED_POSTS] = spans;
	for (int i = 0, n = 0; i <= FRAME_ROWS; i++) {
		c.first[COVERED_POSTS][i] = n;
		if (i < FRAME_ROWS && i % ROWS != 2)
			spans[n++] = (span){AS_OF - 101 * (int64_t)DAY_SECONDS, AS_OF};
	}
	return &c;
}

static scope make_scope(void) {
	static str markets[] = {{"DE", 2}, {"US", 2}, {"US", 2}}, rivals[] = {{"Brisk", 5}};
	static named_value campaign_items[] = {
	    {{"markets", 7}, {.shape = VALUE_LIST, .kind = KIND_TEXT, .count = 3, .texts = markets}},
	    {{"competitors", 11}, {.shape = VALUE_LIST, .kind = KIND_TEXT, .count = 1, .texts = rivals}},
	    {{"budget", 6}, {.shape = VALUE_ONE, .kind = KIND_MONEY, .num = 300, .currency = {"EUR", 3}}},
	    {{"starts_on", 9}, {.shape = VALUE_MISSING, .kind = KIND_TIME}}};
	static named_value set_items[] = {{{"days", 4}, {.shape = VALUE_ONE, .kind = KIND_NUMBER, .num = 90}},
	                                  {{"least", 5}, {.shape = VALUE_ONE, .kind = KIND_NUMBER, .num = 0.4}}};
	static named_value tiers[] = {{{"DE", 2}, {.shape = VALUE_ONE, .kind = KIND_NUMBER, .num = 10}},
	                              {{"US", 2}, {.shape = VALUE_ONE, .kind = KIND_NUMBER, .num = 20}}};
	static named_value tables[] = {{{"fees", 4}, {.shape = VALUE_TABLE, .count = 2, .members = tiers}}};
	static values campaign = {campaign_items, 4}, set = {set_items, 2}, lookups = {tables, 1};
	static rate rate_items[] = {{{"EUR", 3}, 1}, {{"USD", 3}, 0.5}};
	static rates fx = {rate_items, 2};
	static const char *const ids[] = {"a/one", "a/two", "b/three"};
	return (scope){.catalogue = &fields,
	               .rows = TABLE_CREATOR,
	               .campaign = &campaign,
	               .set = &set,
	               .lookups = &lookups,
	               .fx = &fx,
	               .as_of = AS_OF,
	               .rule_ids = ids,
	               .rule_count = 3};
}

typedef struct run {
	arena memory;
	fetch want;
	conditions *all;
	scan *s;
	frame creators, posts, audience;
} run;

static int add(run *r, const char *source, struct kol_problems *problems) {
	kol_error err;
	scope s = make_scope();
	if (!r->all)
		r->all = conditions_new(&r->memory);
	const condition *c = condition_parse(
	    &r->memory, str_of(source), (source_place){.path = "test.lua", .line = 1, .column = 1, .rule = "a/self"}, &err);
	if (!c) {
		problems_add(problems, &err);
		return -1;
	}
	return conditions_add(r->all, c, &s, &r->want, problems);
}

static void start(run *r, int rows) {
	kol_error err;
	r->creators = make_frame(&r->memory, TABLE_CREATOR, &r->want, rows, NULL);
	r->posts = make_frame(&r->memory, TABLE_POST, &r->want, 0, &r->creators);
	r->audience = make_frame(&r->memory, TABLE_AUDIENCE, &r->want, 0, &r->creators);
	fill_creators(&r->creators);
	fill_children(&r->posts, &r->audience);
	r->s = scan_new(r->all, NULL, &err);
	if (!r->s || scan_begin(r->s, &r->creators, make_coverage(), &err) || scan_chunk(r->s, &r->posts, &err) ||
	    scan_chunk(r->s, &r->audience, &err)) {
		printf("Bail out! %s\n", err.message);
		exit(1);
	}
	double failed[FRAME_ROWS] = {0, 1, 2, 1}, open[FRAME_ROWS] = {0, 0, 0, 2};
	for (int i = 0; i < conditions_failed_count(r->all); i++)
		scan_failed(r->s, i, failed, open);
}

static void stop(run *r) {
	scan_free(r->s);
	arena_free(&r->memory);
	fetch_free(&r->want);
}

static void expect(const char *source, const char *answer) {
	run r = {0};
	struct kol_problems problems = {0};
	kol_error err;
	char got[ROWS + 1] = "";
	int program = add(&r, source, &problems);
	if (program < 0) {
		check(false, source, problems.items[0].message);
	} else {
		mask truth, unknown;
		start(&r, ROWS);
		if (scan_eval(r.s, program, &r.creators, &truth, &unknown, &err) == KOL_OK)
			for (int i = 0; i < ROWS; i++)
				got[i] = (truth.bits[0] >> i) & 1 ? 'T' : (unknown.bits[0] >> i) & 1 ? 'U' : 'F';
		check(strcmp(got, answer) == 0 && truth.bits[0] >> ROWS == 0 && unknown.bits[0] >> ROWS == 0, source, got);
		for (int i = 0; i < ROWS; i++) {
			explanation e;
			if (scan_explain(r.s, program, &r.creators, i, (str){0}, &r.memory, &e, &err))
				check(false, source, err.message);
			else if (getenv("TELL"))
				for (int k = -1; k < e.missing_count; k++)
					printf("#   %c %.*s\n", got[i], STR_ARG(k < 0 ? e.message : e.missing[k]));
		}
	}
	problems_free(&problems);
	stop(&r);
}

static void refuse(const char *source, const char *part) {
	run r = {0};
	struct kol_problems problems = {0};
	int program = add(&r, source, &problems);
	bool right = program < 0 && problems.count && strstr(problems.items[0].message, part);
	char name[60];
	snprintf(name, sizeof name, "%s", source);
	check(right, name, problems.count ? problems.items[0].message : "accepted");
	if (getenv("TELL") && problems.count)
		printf("#   %s\n", problems.items[0].message);
	problems_free(&problems);
	stop(&r);
}

static const char *const truths[][2] = {
    {"creator.followers > 100", "TFUT"},
    {"100 < creator.followers", "TFUT"},
    {"not (creator.followers > 100)", "FTUF"},
    {"creator.followers == 50 or creator.verified", "TTUT"},
    {"creator.followers > 100 and creator.engagement_rate >= set.least", "FFUF"},
    {"creator.followers > 100 and creator.country == 'XX'", "FFUF"},
    {"creator.verified", "TFUT"},
    {"creator.verified == false", "FTUF"},
    {"default(creator.verified, false)", "TFFT"},
    {"creator.followers == nil", "FFTF"},
    {"nil ~= creator.country", "TTFT"},
    {"creator.country ~= 'US'", "FTUT"},
    {"creator.country .. '-' .. 5 == 'US-5'", "TFUF"},
    {"speaks(creator.language, 'EN')", "TFUF"},
    {"among(creator.country, campaign.markets)", "TTUF"},
    {"among(creator.country, {'FR', 'US'})", "TFUT"},
    {"among(creator.followers, {50, 60})", "FTUF"},
    {"days_since(creator.updated_at) <= 5", "FUUT"},
    {"creator.updated_at >= '1970-01-01'", "TUUT"},
    {"creator.updated_at >= campaign.starts_on", "UUUU"},
    {"1 + 2 * 3 ^ 2 == 19 and 7 // 2 == 3 and -7 % 3 == 2 and 2 ^ 3 ^ 0 == 2 and -2 ^ 2 == -4", "TTTT"},
    {"creator.followers / 0 > 1", "UUUU"},
    {"1e308 * 10 > 1", "UUUU"},
    {"0x10 == 16 and 'a\\x62\\u{63}' == \"abc\" and [[x]] == 'x'", "TTTT"},
    {"min(creator.followers, 100) == 100 and max(1, 2) == 2 and abs(-3) == 3 and floor(2.5) == 2", "TFUT"},
    {"min(creator.followers, 1) < 5", "TTUT"},
    {"lookup('fees', creator.country) >= 20", "TFUU"},
    {"money(creator.fee, 'EUR') <= campaign.budget", "FTUU"},
    {"money(creator.fee, 'USD') == 1000", "TFUU"},
    {"creator.fee > 200", "TFUF"},
    {"share(creator.audience.country, campaign.markets) >= set.least", "TUUU"},
    {"share(creator.audience.country, campaign.markets) >= 0.1", "TTUT"},
    {"creator.audience.country.US <= 0.7", "TTUT"},
    {"creator.audience.country.BR <= 0.31", "TUUT"},
    {"creator.audience.country.BR > 0", "FUUU"},
    {"share(creator.audience.country, creator.country) >= 0.5", "TFUT"},
    {"creator.audience.country == nil", "FFTF"},
    {"creator.audience.gender['female'] > 0.5", "UUUT"},
    {"count(posts where age_days <= set.days) >= 1", "TTTF"},
    {"count(posts where age_days <= set.days) <= 0", "FFFT"},
    {"count(posts where age_days <= 100) <= 2", "TTUT"},
    {"count(posts where age_days <= 101) <= 2", "UUUU"},
    {"count(posts where age_days < 102) == 2", "UUUU"},
    {"count(posts where sponsored and age_days <= 90) == 1", "TUUF"},
    {"any(posts where sponsored and age_days <= 90)", "TTTF"},
    {"any(posts where views > 1000 and age_days <= 90)", "FUUF"},
    {"none(posts where views > 200 and posted_at >= '1972-08-01')", "FUUT"},
    {"all(views >= 100 of posts where age_days <= 90)", "TFFT"},
    {"all(posts where age_days < 1000)", "UUUU"},
    {"all(posts where age_days < 10)", "FFUU"},
    {"median(views of posts where age_days <= 90) == 200", "TUUU"},
    {"mean(views of posts where age_days <= 90) == 200", "TUUU"},
    {"sum(views of posts where age_days <= 90) == 0", "FUUT"},
    {"min(views of posts where age_days <= 90) == 100 and max(views of posts where age_days <= 90) == 300", "TUUU"},
    {"count(posts where sponsored and age_days <= 90) <= 0.6 * count(posts where age_days <= 90)", "TUUT"},
    {"count(posts where age_days <= 90 and views >= 0.1 * creator.followers) >= 2", "TUUF"},
    {"failed('a/*') < 2", "TTFU"},
    {"none(partnerships)", "UUUU"},
};

static const char *const refusals[][2] = {
    {"creator.folowers > 1", "followers"},
    {"creator.followers = 1", "=="},
    {"creator.followers != 1", "~="},
    {"creator.verified && true", "and"},
    {"!creator.verified", "not"},
    {"creator.engagement_rate > 40", "write 0.4 for 40 %"},
    {"creator.country > 3", "cannot be compared"},
    {"creator.country and true", "default"},
    {"creator.verified < true", "order"},
    {"(creator.verified", "never closed"},
    {"creator.verified)", "closes nothing"},
    {"set.dayz > 1", "days"},
    {"campaign.market == 'x'", "markets"},
    {"shar(creator.audience.country, 'US') > 0.1", "share"},
    {"hits('profanity') < 1", "there is no lexicon"},
    {"lookup('fee', creator.country) > 1", "fees"},
    {"count(posts where any(posts)) > 1", "inside"},
    {"count(post) > 1", "posts"},
    {"creator.fee > campaign.budget", "money("},
    {"failed('zzz/*') < 1", "no other rule"},
    {"creator.followers", "true or false"},
    {"all(posts)", "asks nothing"},
    {"followers > 1", "creator.followers"},
    {"1e999 > 1", "too large"},
    {"'abc", "no end"},
    {"", "empty"},
    {"creator.updated_at > 'yesterday'", "not a date"},
    {"creator.audience.countri.US > 0.1", "country"},
};

static void test_depth(void) {
	char deep[10100];
	memset(deep, '(', 5000);
	memset(deep + 5000, ')', 5000);
	deep[10000] = 0;
	refuse(deep, "nested deeper");
}

static void test_speed(void) {
	run r = {0};
	struct kol_problems problems = {0};
	kol_error err;
	mask truth, unknown;
	enum { RULES = 40, ROUNDS = 500 };
	int programs[RULES];
	for (int i = 0; i < RULES; i++) {
		char source[120];
		snprintf(source, sizeof source,
		         i % 4 == 0   ? "creator.followers >= %d and creator.engagement_rate <= 0.5"
		         : i % 4 == 1 ? "creator.followers > %d"
		         : i % 4 == 2 ? "creator.engagement_rate * creator.followers >= %d"
		                      : "default(creator.verified, false) or creator.followers < %d",
		         i);
		programs[i] = add(&r, source, &problems);
	}
	start(&r, FRAME_ROWS);
	struct timespec a, b;
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int k = 0; k < ROUNDS; k++)
		for (int i = 0; i < RULES; i++)
			scan_eval(r.s, programs[i], &r.creators, &truth, &unknown, &err);
	clock_gettime(CLOCK_MONOTONIC, &b);
	double ns = (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
	printf("# %.2f ns per condition and creator\n", ns / ((double)RULES * ROUNDS * FRAME_ROWS));
	stop(&r);
}

int main(void) {
	for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++)
		expect(truths[i][0], truths[i][1]);
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		refuse(refusals[i][0], refusals[i][1]);
	test_depth();
	test_speed();
	printf("1..%d\n", tests);
	return failures != 0;
}
