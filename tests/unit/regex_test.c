/* regex_test.c: bounds of the work on texts, what invalid bytes do, and literals of patterns: a table, and patterns
 * made at random with texts that they match, in which one of the literals must stand by a naive look. Prints TAP. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "text/regex.h"
#include "text/regex_literal.h"

static int failures;

#define CHECK(ok, ...)                               \
	do {                                             \
		if (!(ok)) {                                 \
			failures++;                              \
			printf("# %s:%d: ", __FILE__, __LINE__); \
			printf(__VA_ARGS__);                     \
			puts("");                                \
		}                                            \
	} while (0)

static regex *compiled(const char *pattern, bool bytes) {
	regex *r;
	size_t at;
	kol_error e = {0};
	if (regex_compile(str_of(pattern), bytes, &r, &at, &e)) {
		printf("%s: %s\n", pattern, e.message);
		exit(1);
	}
	return r;
}

/* ---- limits ---- */

static char *repeated(const char *unit, size_t n) {
	char *p = malloc(n + 1);
	for (size_t i = 0; p && i <= n; i++)
		p[i] = i < n ? unit[i % strlen(unit)] : 0;
	if (!p)
		exit(1);
	return p;
}

static void searched(const char *pattern, const char *unit, size_t n, enum regex_result want) {
	regex *r = compiled(pattern, false);
	char *text = repeated(unit, n);
	uint64_t budget = regex_budget(n), again = budget;
	regex_match m;
	enum regex_result got = regex_search(r, (str){text, n}, 0, &budget, &m);
	CHECK(got == want, "%s on %zu × '%s': %d, not %d (left %llu)", pattern, n, unit, got, want,
	      (unsigned long long)budget);
	CHECK(got == regex_search(r, (str){text, n}, 0, &again, &m) && again == budget, "%s: not the same again", pattern);
	free(text);
	regex_free(r);
}

static void test_limits(void) {
	static const char *const hostile[][2] = {{"[ab]{0,300}[ab]{0,300}\\d", "ab"},
	                                         {"\\w+[!?]", "abcde"},
	                                         {"(\\w+\\s?)+[!?]", "use xyz "},
	                                         {"(?:\\w*+[!?]|\\w)*+\\d", "abcde"},
	                                         {"(?=(\\w+))\\1[!?]", "strasse"},
	                                         {"\\w{300}[!?]", "strasse"},
	                                         {"(?s)use.*[jk]", "use xyz "},
	                                         {"(a|b)*?c|d", "abab"},
	                                         {"(?:(?:(?:a?)*)*)*[!?]", "aaaa"},
	                                         {"\\X{2}[!?]", "a\xCC\x81"},
	                                         {"\\w{6000}[!?]", "abcde"},
	                                         {"(?i)(.*)\\1[jk]", "aaaa"},
	                                         {"(?=.*[!?])", "aaaa"},
	                                         {"a.*+(?<=b)", "aaaa"}};
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
		searched(hostile[i][0], hostile[i][1], 20000, REGEX_LIMIT);
	static const char *const plain[][2] = {{"use code \\w+[!?]", "use xyz "},
	                                       {"(?i)\\b(?:dm|message) (?:me|us)[!?]", "message mum "},
	                                       {"[\\w.+-]+@[\\w-]+\\.[a-z]{2,}", "anna.b at home "},
	                                       {"^(?:[^\"\\\\]|\\\\.)*+[!?]", "abc\\"},
	                                       {"\\b[A-Z]{3,}[0-9]{1,3}\\b", "ABC ABCDEF "},
	                                       {"(?s).*[!?]", "abc "}};
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		searched(plain[i][0], plain[i][1], (size_t)1 << 20, REGEX_NONE);
	searched("(?:a|b)*$", "ab", (size_t)1 << 20, REGEX_HIT);
}

static void found(const char *pattern, str text, size_t from, size_t start, size_t end) {
	regex *r = compiled(pattern, false);
	uint64_t budget = regex_budget(text.n);
	regex_match m;
	enum regex_result got = regex_search(r, text, from, &budget, &m);
	CHECK(start == SIZE_MAX ? got == REGEX_NONE : got == REGEX_HIT && m.start[0] == start && m.end[0] == end,
	      "%s: result %d at %zu to %zu", pattern, got, got == REGEX_HIT ? m.start[0] : 0,
	      got == REGEX_HIT ? m.end[0] : 0);
	regex_free(r);
}

static void test_texts(void) {
	found("straße", STR("die straße"), 0, 4, 11);
	found("(?i)STRASSE", STR("straße"), 0, SIZE_MAX, 0);
	found("\\büber\\b", STR("so über!"), 0, 3, 8);
	found("code \\w+", STR("\xFF\xFEuse code A\xC3"), 0, 6, 12);
	found("use.code",
	      STR("use\xFF"
	          "code use code"),
	      0, 9, 17);
	found("\\w+", STR("a\xE2\x82"), 1, SIZE_MAX, 0);
	found("(?<=é)x", STR("éxéx"), 1, 2, 3);
	found("^b|x$", STR("a\nb x"), 0, 4, 5);
	found("x*", (str){NULL, 0}, 0, 0, 0);
	regex *r = compiled("(?<word>\\w+) (\\d+)?(?<rest>.*)", false);
	uint64_t budget = 1000;
	regex_match m;
	CHECK(regex_search(r, STR("code abc"), 0, &budget, &m) == REGEX_HIT && m.groups == 4 && m.start[2] == SIZE_MAX &&
	          m.start[3] == 5 && m.end[3] == 8,
	      "groups");
	CHECK(str_eq(regex_group_name(r, 1), STR("word")) && !regex_group_name(r, 2).n &&
	          str_eq(regex_group_name(r, 3), STR("rest")),
	      "names");
	regex_free(r);
	size_t at;
	kol_error e = {0};
	CHECK(regex_compile(STR("a(b"), false, &r, &at, &e) == KOL_E_RULE && at == 3 && !r, "error: %s at %zu", e.message,
	      at);
	CHECK(regex_compile(STR("a\xFF"), false, &r, &at, &e) == KOL_E_RULE && !r, "a pattern that is not UTF-8");
}

/* ---- literals: a table ---- */

static void test_table(void) {
	static const char *const table[][2] = {{"use code \\w+", "W code"},
	                                       {"(?i)\\buse (?:my )?code\\b", "W use my code, W use code"},
	                                       {"(?i)#(?:ad|sponsored)\\b", "W #ad, W #sponsored"},
	                                       {"^#ad", "P #ad"},
	                                       {"[\\w.+-]+@[\\w-]+\\.[a-z]{2,}", ""},
	                                       {"https?://\\S+", "S https://, S http://"},
	                                       {"(?<!\\w)foo(?!\\w)", "W foo"},
	                                       {"(?<![\\w#])foo(?:\\s|$)", "W foo"},
	                                       {"(?<![\\w#].)foo\\b", "S foo"},
	                                       {"use\\s*code", "S use code, S usecode"},
	                                       {"a\\Q.b\\E+c", "S a.b"},
	                                       {"foo\\E*bar", "S bar"},
	                                       {"foo(?#not)*bar", "S bar"},
	                                       {"foo\\Q\\E?bar", "S foobar, S fobar"},
	                                       {"gr[ae]y[^\\w]", "S gray, S grey"},
	                                       {"优惠[码碼]", "S 优惠码, S 优惠碼"},
	                                       {"\\b优惠\\b", "S 优惠"},
	                                       {"(foo|bar)+baz", "S foo, S bar"},
	                                       {"\\bfoo{2}bar", "P foo"},
	                                       {"foo{0}bard", "S fobard"},
	                                       {"foo{1,1}bar", "S foobar"},
	                                       {"\\bcode20\\b", "P code20"},
	                                       {"(foo)\\1bar", "S foo"},
	                                       {"\\bfoo\\x{62}ar\\b", "W foobar"},
	                                       {"\\bfoo\\.bar\\b", "W foo.bar"},
	                                       {"foo[[:alpha:]]barn", "S barn"},
	                                       {"foo[]b]bar", "S foo]bar, S foobbar"},
	                                       {"(?:foo|bar|b)", ""},
	                                       {"foo|", ""},
	                                       {"a|b", ""},
	                                       {"(?x) foo # bar", ""},
	                                       {"(?i-x:foo)", "S foo"},
	                                       {"x{,3}abc", ""},
	                                       {"(?(1)foo|bar)", ""},
	                                       {"(foo)(?1)", ""},
	                                       {"foo(*ACCEPT)bar", ""},
	                                       {"(?=foo)..", ""},
	                                       {"[ab][ab][ab][ab][ab][ab][ab]foo\\b", "S afoo, S bfoo"},
	                                       {"\\bbrisk\\b[ab][ab][ab][ab][ab][ab][ab]foo", "W brisk"},
	                                       {"don['’]t", "S don't"},
	                                       {"промокод[ау]?\\b", "S промокода, S промокоду, S промокод"},
	                                       {"\\bпромокод\\b", "W промокод"}};
	arena a = {0};
	buffer b = {0};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		term *t;
		int n;
		buffer_clear(&b);
		CHECK(regex_literals(str_of(table[i][0]), &a, &t, &n), "memory");
		for (int k = 0; k < n; k++)
			buffer_printf(&b, "%s%s %s", k ? ", " : "",
			              t[k].how == HOW_WORD     ? "W"
			              : t[k].how == HOW_PREFIX ? "P"
			                                       : "S",
			              t[k].text.p);
		CHECK(!strcmp(buffer_text(&b), table[i][1]), "%s: %s, not %s", table[i][0], buffer_text(&b), table[i][1]);
	}
	buffer_free(&b);
	arena_free(&a);
}

/* ---- literals: random patterns ---- */

static uint64_t seed = 1;

static unsigned roll(unsigned n) {
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)((seed >> 11) % n);
}

/* Characters as patterns and texts have them, with what they fold to; every other one is the case of the one before. */
static const char *const letters[] = {
    "a", "A", "b", "B", "k", "\xE2\x84\xAA", "s",  "\xC5\xBF", "f",  "F", "o", "O", "é", "É", "ß",
    "ẞ", "д", "Д", "σ", "ς", "优",           "优", "한",       "한", "1", "1", "_", "_"};
#define LETTERS (sizeof letters / sizeof *letters)
static const char *const signs[] = {" ", ".", "-", "#", "!", "\xC2\xA0", "\n", "’", "•", "@"};
#define SIGNS (sizeof signs / sizeof *signs)

static void fold_naively(str s, buffer *out) {
	buffer_clear(out);
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		char bytes[4];
		i += utf8_decode(s.p + i, s.n - i, &c);
		if (c == 0xDF || c == 0x1E9E) {
			buffer_z(out, "ss");
			continue;
		}
		c = c >= 'A' && c <= 'Z' ? c + 32 : c == 0x212A ? 'k' : c == 0x17F ? 's' : c == 0xC9 ? 0xE9 : c;
		c = c == 0x414                 ? 0x434
		    : c == 0x3C2 || c == 0x3A3 ? 0x3C3
		    : c == 0xA0 || c == '\n'   ? ' '
		    : c == 0x2019              ? '\''
		                               : c;
		buffer_add(out, bytes, utf8_encode(c, bytes));
	}
	buffer_char(out, 0);
	out->n--;
}

static bool word_at(str s, size_t i) { /* the character that byte i belongs to */
	while (i > 0 && ((unsigned char)s.p[i] & 0xC0) == 0x80)
		i--;
	uint32_t c;
	utf8_decode(s.p + i, s.n - i, &c);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 0xC0 && c < 0x600);
}

/* Does the folded term stand in the folded text at byte i, a space being any run of spaces? */
static bool stands(str text, size_t i, str sought, enum how how) {
	size_t at = i;
	for (size_t k = 0; k < sought.n; k++) {
		if (at >= text.n || text.p[at] != sought.p[k])
			return false;
		for (at++; sought.p[k] == ' ' && at < text.n && text.p[at] == ' ';)
			at++;
		while (sought.p[k] == ' ' && k + 1 < sought.n && sought.p[k + 1] == ' ')
			k++;
	}
	if (how != HOW_SUBSTRING && word_at(sought, 0) && i > 0 && word_at(text, i - 1))
		return false;
	return how != HOW_WORD || !word_at(sought, sought.n - 1) || at == text.n || !word_at(text, at);
}

typedef struct maker {
	buffer pattern, text; /* a pattern, and a text that it may well match */
	int depth;
} maker;

static void make_row(maker *m, bool shown);

/* What is made only to be in the pattern, or only in the text, ends up in a spare buffer. */
static void make_letter(maker *m, bool shown) {
	unsigned i = roll(LETTERS);
	buffer_z(&m->pattern, letters[i]);
	if (shown)
		buffer_z(&m->text, letters[roll(4) ? i : i ^ 1]);
}

static void make_sign(maker *m, bool shown) {
	unsigned i = roll(SIGNS);
	if (signs[i][0] > 0 && signs[i][0] != ' ' && signs[i][0] != '\n')
		buffer_char(&m->pattern, '\\');
	buffer_z(&m->pattern, signs[i]);
	if (shown)
		buffer_z(&m->text, signs[i]);
}

static void make_class(maker *m, bool shown) {
	static const struct {
		const char *pattern, *texts[3];
	} classes[] = {{"[ab]", {"a", "b", "b"}},    {"[^\\w]", {"-", " ", "•"}},  {"\\s", {" ", "\n", "\xC2\xA0"}},
	               {"\\w", {"a", "_", "优"}},    {"\\W", {"-", "!", "\n"}},    {".", {"a", "-", "é"}},
	               {"[\\s.]", {" ", ".", "\n"}}, {"[^a]", {"b", "-", "д"}},    {"\\d", {"1", "1", "1"}},
	               {"[a-f]", {"a", "b", "f"}},   {"[fF#]", {"f", "F", "#"}},   {"[’']", {"’", "'", "’"}},
	               {"\\p{L}", {"a", "д", "优"}}, {"[-a]", {"-", "a", "a"}},    {"[\\W_]", {"_", "-", "_"}},
	               {"\\R", {"\n", "\n", "\n"}},  {"\\x{6f}", {"o", "o", "o"}}, {"[^\\w-z]", {" ", ".", "!"}}};
	unsigned i = roll(sizeof classes / sizeof *classes);
	buffer_z(&m->pattern, classes[i].pattern);
	if (shown)
		buffer_z(&m->text, classes[i].texts[roll(3)]);
}

static void make_group(maker *m, bool shown) {
	static const char *const opens[] = {"(?:", "(", "(?<n>", "(?>", "(?i:"};
	if (++m->depth > 4) {
		make_letter(m, shown);
		m->depth--;
		return;
	}
	unsigned open = roll(12), alternatives = 1 + roll(3), taken = roll(alternatives);
	buffer_z(&m->pattern, opens[open < 5 && open != 2 ? open : 0]);
	for (unsigned i = 0; i < alternatives; i++) {
		if (i)
			buffer_char(&m->pattern, '|');
		make_row(m, shown && i == taken);
	}
	buffer_char(&m->pattern, ')');
	m->depth--;
}

static void make_border(maker *m) {
	static const char *const borders[] = {"\\b",      "(?!\\w)",     "(?<!\\w)", "\\b", "(?=\\s|$)",
	                                      "(?<!\\S)", "(?<![\\w#])", "\\B",      "^",   "$",
	                                      "(?=[ab])", "(?#x)",       "\\E",      "\\K"};
	buffer_z(&m->pattern, borders[roll(sizeof borders / sizeof *borders)]);
}

static void make_part(maker *m, bool shown) {
	size_t before = m->text.n, from = m->pattern.n;
	unsigned kind = roll(20);
	if (kind < 12)
		make_letter(m, shown);
	else if (kind < 14)
		make_sign(m, shown);
	else if (kind < 16)
		make_class(m, shown);
	else if (kind < 18)
		make_group(m, shown);
	else {
		make_border(m);
		return;
	}
	if (roll(4) || m->pattern.n == from)
		return;
	static const char *const repeats[] = {"?", "*", "+", "{2}", "{0,1}", "{1,3}?", "{0}", "++", "(?#c)?", "\\E*"};
	static const unsigned char counts[][2] = {{0, 1}, {0, 2}, {1, 3}, {2, 2}, {0, 1},
	                                          {1, 3}, {0, 0}, {1, 2}, {0, 1}, {0, 2}};
	unsigned i = roll(sizeof repeats / sizeof *repeats), times = counts[i][0] + roll(counts[i][1] - counts[i][0] + 1u);
	buffer_z(&m->pattern, repeats[i]);
	size_t n = m->text.n - before;
	char copy[400];
	if (n > sizeof copy)
		return;
	if (n)
		memcpy(copy, m->text.p + before, n);
	m->text.n = before;
	while (times--)
		buffer_add(&m->text, copy, n);
}

static void make_row(maker *m, bool shown) {
	for (unsigned n = m->depth ? roll(5) : 3 + roll(8); n > 0; n--)
		make_part(m, shown);
}

static void make_junk(buffer *b) {
	for (unsigned n = roll(3); n > 0; n--)
		buffer_z(b, roll(2) ? signs[roll(SIGNS)] : letters[roll(LETTERS)]);
}

/* Is one of the terms there? */
static bool one_stands(const term *t, int n, str text, buffer *folded, buffer *literal) {
	fold_naively(text, folded);
	for (int k = 0; k < n; k++) {
		fold_naively(t[k].text, literal);
		for (size_t i = 0; i < folded->n; i++)
			if (stands((str){folded->p, folded->n}, i, (str){literal->p, literal->n}, t[k].how))
				return true;
	}
	return false;
}

static void test_random(int rounds) {
	maker m = {0};
	buffer folded = {0}, literal = {0};
	arena a = {0};
	int matched = 0, with = 0, borders = 0;
	for (int i = 0; i < rounds && failures < 10; i++) {
		buffer_clear(&m.pattern);
		buffer_clear(&m.text);
		if (roll(2))
			buffer_z(&m.pattern, "(?i)");
		make_junk(&m.text);
		make_row(&m, true);
		make_junk(&m.text);
		regex *r;
		size_t at;
		term *t;
		int n;
		str pattern = {m.pattern.p, m.pattern.n}, text = {m.text.p, m.text.n};
		if (regex_compile(pattern, false, &r, &at, NULL))
			continue;
		arena_reset(&a);
		CHECK(regex_literals(pattern, &a, &t, &n), "memory");
		uint64_t budget = 100000;
		regex_match place;
		if (regex_search(r, text, 0, &budget, &place) == REGEX_HIT) {
			matched++;
			with += n > 0;
			for (int k = 0; k < n; k++)
				borders += t[k].how != HOW_SUBSTRING;
			CHECK(!n || one_stands(t, n, text, &folded, &literal), "'%.*s' matches '%.*s' without '%s' (%d)",
			      STR_ARG(pattern), STR_ARG(text), t[0].text.p, t[0].how);
		}
		regex_free(r);
	}
	CHECK(matched > rounds / 20 && with > matched / 5 && borders > with / 10,
	      "too few: %d of %d matched, %d with literals, %d borders", matched, rounds, with, borders);
	buffer_free(&m.pattern);
	buffer_free(&m.text);
	buffer_free(&folded);
	buffer_free(&literal);
	arena_free(&a);
}

static void tell(int number, const char *what, int before) {
	printf("%s %d - %s\n", failures > before ? "not ok" : "ok", number, what);
}

/* Arguments: how many random patterns, and a seed. */
int main(int argc, char **argv) {
	int before = 0;
	test_limits();
	tell(1, "work over all starts of a text is bounded; linear patterns never come near", before);
	before = failures;
	test_texts();
	tell(2, "matches, groups, invalid bytes, wrong patterns", before);
	before = failures;
	test_table();
	tell(3, "literals of patterns", before);
	before = failures;
	seed = argc > 2 ? strtoull(argv[2], NULL, 10) : seed;
	test_random(argc > 1 ? atoi(argv[1]) : 60000);
	tell(4, "a text that a random pattern matches has one of its literals", before);
	puts("1..4");
	return failures > 0;
}
