/* matcher_test.c: lexicons, and what their terms hit, in the scripts that captions are written in, each case with what
 * must not be hit. Prints TAP.
 *
 * Terms and hits are divided by |. ~ before a term makes it an exception, = a literal word, ^ a literal beginning,
 * % a literal anywhere. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "text/matcher.h"

static int tests, failures;

static void check(bool ok, const char *what, const char *detail) {
	printf("%s %d - %s%s%s\n", ok ? "ok" : "not ok", ++tests, what, ok ? "" : " # ", ok ? "" : detail);
	failures += !ok;
}

typedef struct hunt {
	const char *terms, *text, *expected; /* the folded bytes of the hits, in order */
} hunt;

static const hunt hunts[] = {
    /* words */
    {"brisk", "Brisk BRISK, brisk! (brisk)", "brisk|brisk|brisk|brisk"},
    {"brisk", "brisker unbrisk brisk9 brisks", ""},
    {"brisk", "brisk™ brisk's brisk-tea brisk_tea", "brisk|brisk|brisk|brisk"},
    {"brisk", "Ｂｒｉｓｋ ｂｒｉｓｋ", "brisk|brisk"},
    {"don't|e-mail|n0.1|c++|18+", "I don’t e-mail C++; n0.1 is 18+.", "don't|e-mail|c++|n0.1|18+"},
    {"don't|e-mail|n0.1|c++|18+", "dont email c n0.15 118+ c+ +", ""},
    {"amzn.to|f*ck|f**", "AMZN.TO/x f*ck f** fuck", "amzn.to|f*ck|f**"},
    {"straße|café", "STRASSE Straße CAFÉ cafe", "strasse|strasse|café"},
    {"год|new", "год годы НОВЫЙ ГОД newгод", "год|год|new|год"},
    {"क़लम|कलम", "मेरी कलम और कलमें", "कलम"},
    {"ربح|مجاني", "عرض مجانيّ رَبْح مجانية", "مجاني|ربح"},
    /* phrases */
    {"link in bio", "Link  in\n\nBIO; link in　bio", "link  in\n\nbio|link in bio"},
    {"link in bio", "link-in-bio link inbio linkin bio link in biography alink in bio", ""},
    {"to die for|die", "a cake to die for", "to die for|die"},
    {"нова книга|в ссылке", "Моя НОВА  КНИГА в ссылке", "нова  книга|в ссылке"},
    {"e-mail me", "E-mail  me now", "e-mail  me"},
    {"the and of", "the and of the and", "the and of"},
    {"a b|a b a|b a", "a b a b", "a b a|a b|b a|a b"},
    /* beginnings */
    {"swindl*", "Swindlers swindle swindl swindled! swind unswindled", "swindlers|swindle|swindl|swindled"},
    {"fall* apart|win* it all", "falling apart, falls  apart, fall apart, wins it all",
     "falling apart|falls  apart|fall apart|wins it all"},
    {"fall* apart", "fallen a apart, fal apart, befall apart, fall; apart", ""},
    {"обман*|betr*", "Обманщик обман betrügt", "обманщик|обман|betrügt"},
    {"x-ray*|we love* it", "X-rays xrays; we loved it", "x-rays|we loved it"},
    {"好*", "很好吃", "好"},
    /* scripts without spaces */
    {"种草|好吃", "今天种草了好吃的", "种草|好吃"},
    {"種草", "种草種草", "種草"},
    {"翻车", "翻\n车 翻 车", ""},
    {"翻 车", "翻\n车 翻车 翻  车 翻x车", "翻\n车|翻车|翻  车"},
    {"茶", "brisk茶と茶", "茶|茶"},
    {"brisk茶|加vx|v信", "BRISK茶 加VX 加vxy v信 xv信 brisk 茶", "brisk茶|加vx|v信"},
    {"brisk", "我爱brisk茶", "brisk"},
    {"种草 brisk", "种草 BRISK, 种草brisk 种草 brisker", "种草 brisk|种草brisk"},
    {"ステマ|カラー", "これはｽﾃﾏです、カラー", "ステマ|カラー"},
    {"광고", "유료광고포함 광고", "광고|광고"},
    {"유료 광고", "유료광고 유료  광고", "유료광고|유료  광고"},
    {"โกง|กา", "เขาโกงเงิน กาแฟ การ กำ", "โกง|กา|กา"},
    {"ก", "กิน ก", "ก"},
    /* hashtags */
    {"#ad", "#ad #AD! ＃ad ﹟Ad #ad", "#ad|#ad|#ad|#ad|#ad"},
    {"#ad", "#ads #ad_x #adbrand x#ad #ad1 #ad好 ad # ad", ""},
    {"#ad", "好#ad #fun#ad #ad#fun (#ad)", "#ad|#ad|#ad|#ad"},
    {"#奶茶", "#奶茶# #奶茶[话题]# #奶茶店 奶茶 #奶茶", "#奶茶|#奶茶|#奶茶"},
    {"brisk|tea", "#brisk #brisktea #brisk_tea", "brisk|brisk|tea"},
    {"#brisk*", "#briskTea_2 #brisk #bris", "#brisktea_2|#brisk"},
    {"#реклама", "#Реклама #рекламаа", "#реклама"},
    /* mentions */
    {"@nike", "@nike @NIKE. (@nike) @nikeさん .@nike", "@nike|@nike|@nike|@nike|@nike"},
    {"@nike", "me@nike.com @nike_x @nike.x @niket @nike-x x_@nike nike", ""},
    {"@nike*", "@nike.shop. @niketown", "@nike.shop|@niketown"},
    {"@小明", "@小明 @小明ming @小明儿", "@小明"},
    {"nike", "@nike! @nike.shop @my_nike @nike-x nike", "nike|nike"},
    {"nike shoes|my nike", "@nike shoes @a_nike shoes my nike.eu @my nike", "nike shoes|my nike|my nike"},
    {"=nike", "@nike.shop", "nike"},
    /* symbols */
    {":)|<3|$$$|xd|:d|😂", ":):) <3<3 $$$$ xd xdd :D :do 😂👍", ":)|:)|<3|<3|$$$|$$$|xd|:d|😂"},
    {"👍", "👍🏽 👍", "👍|👍"},
    {"❤️|❤", "❤️ ❤", "❤|❤|❤|❤"},
    {"™", "Brisk™", "™"},
    {"🇪🇸", "🇩🇪🇸🇪 🇪🇸🇩🇪🇪🇸", "🇪🇸|🇪🇸"},
    /* literals */
    {"%otog|%ab|%z", "PHOTOGRAPH cabz", "otog|ab|z"},
    {"%bit.ly/|%utm_medium=aff", "rabbit.ly/x ?utm_medium=affiliate", "bit.ly/|utm_medium=aff"},
    {"%affiliat|%discount code|%加微", "theaffiliates mydiscount codes 请加微信", "affiliat|discount code|加微"},
    {"^disc|^#a", "discount undisc #ads", "disc|#a"},
    {"=a*|=#ad", "a* a*b #adx x#ad", "a*|a*|#ad"},
    /* exceptions and overlaps */
    {"kill|~kill it", "kill it! kill", "kill"},
    {"kill|kill it|~kill it with", "kill it with kill it", "kill it|kill"},
    {"好|~好像", "好像很好", "好"},
    {"shoot|~photo shoot|~shoot*", "photo shoot, shooting, shoot", ""},
    {"kill*|~kill*", "killer", ""},
};

static term read_term(const char *p, size_t n) {
	term t = {.weight = 1};
	t.role = *p == '~' ? ROLE_EXCEPT : ROLE_TERM;
	t.how = n < 2       ? HOW_WRITTEN
	        : *p == '=' ? HOW_WORD
	        : *p == '^' ? HOW_PREFIX
	        : *p == '%' ? HOW_SUBSTRING
	                    : HOW_WRITTEN;
	size_t mark = n > 1 && (t.role == ROLE_EXCEPT || t.how != HOW_WRITTEN);
	t.text = (str){p + mark, n - mark};
	return t;
}

static lexicon list_of(arena *a, const char *terms, const char *language) {
	lexicon l = {.name = "test", .language = str_of(language)};
	while (*terms) {
		size_t n = strcspn(terms, "|");
		if (!lexicon_add(a, &l, read_term(terms, n)))
			abort();
		terms += n + (terms[n] == '|');
	}
	return l;
}

static matcher *matcher_of(const lexicon *const *lists, int count) {
	matcher *m;
	if (matcher_new(lists, count, &m, NULL) != KOL_OK)
		abort();
	return m;
}

static void expect(const hunt *c, const char *language) {
	arena a = {0};
	lexicon l = list_of(&a, c->terms, language);
	const lexicon *list = &l;
	matcher *m = matcher_of(&list, 1);
	folded text = {0};
	hits h = {0};
	buffer got = {0};
	if (!fold_text(&text, str_of(c->text)) || !matcher_scan(m, &text, &h))
		abort();
	hits_except(m, &h);
	for (uint32_t i = 0; i < h.count; i++) {
		buffer_z(&got, i ? "|" : "");
		buffer_add(&got, text.p + h.items[i].start, h.items[i].end - h.items[i].start);
	}
	char what[600];
	snprintf(what, sizeof what, "%.150s in %.300s", c->terms, c->text);
	for (char *p = what; *p; p++)
		*p = *p == '\n' ? '/' : *p == '#' ? '+' : *p;
	check(strcmp(buffer_text(&got), c->expected) == 0, what, buffer_text(&got));
	buffer_free(&got);
	hits_free(&h);
	fold_free(&text);
	matcher_free(m);
	arena_free(&a);
}

/* A capital I is a dotless i there. */
static const hunt turkish[] = {
    {"altın|ilk", "ALTIN altın Altin altin", "altin|altın"},
    {"altın|ilk", "İLK ilk Ilk ILK", "ilk|ilk"},
    {"ırmak yazı", "IRMAK YAZI, Irmak yazı, ırmak  yazı, irmak yazi", "irmak yazi|irmak yazı|ırmak  yazı"},
    {"kız*", "KIZLAR kızlar KİZLAR", "kizlar|kızlar"},
    {"%ızı", "KIZI", ""},
};

/* What one word is: the term's text, or "" */
static void expect_word(const matcher *m, const char *word, uint64_t use, const char *expected) {
	uint32_t number = matcher_word(m, str_of(word), &use);
	str got = number == UINT32_MAX ? STR("") : matcher_entry(m, number).term->text;
	char what[100], detail[100];
	snprintf(what, sizeof what, "what the word %s is to %d", word, (int)use);
	snprintf(detail, sizeof detail, "%.*s", STR_ARG(got));
	check(str_is(got, expected), what, detail);
}

static void look_up_words(void) {
	arena a = {0};
	lexicon lists[] = {list_of(&a, "good|goo*|good thing|disappoint*|dis*|好|#good", ""),
	                   list_of(&a, "Good|disappointment|unbelievables|%goodness|wörter", ""),
	                   {.name = "crowd"}};
	for (int i = 0; i < 40; i++) {
		char *t = arena_printf(&a, "crowded%.*s*", i + 1, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
		if (!t || !lexicon_add(&a, &lists[2], (term){.text = str_of(t)}))
			abort();
	}
	const lexicon *all[] = {&lists[0], &lists[1], &lists[2]};
	matcher *m = matcher_of(all, 3);
	expect_word(m, "good", 3, "good");
	expect_word(m, "good", 2, "Good");
	expect_word(m, "goods", 3, "goo*");
	expect_word(m, "goods", 2, "");
	expect_word(m, "go", 3, "");
	expect_word(m, "disappointment", 3, "disappointment");
	expect_word(m, "disappointment", 1, "disappoint*");
	expect_word(m, "disappoint", 3, "disappoint*");
	expect_word(m, "disarm", 3, "dis*");
	expect_word(m, "unbelievables", 3, "unbelievables");
	expect_word(m, "unbelievable", 3, "");
	expect_word(m, "wörter", 2, "wörter");
	expect_word(m, "", 3, "");
	expect_word(m, "crowdedabcx", 4, "crowdedabc*");
	expect_word(m, "crowded", 4, "");
	matcher_free(m);
	arena_free(&a);
}

/* ---- hostile terms and texts ---------------------------------------------------------------------- */

/* `piece` again and again, `size` bytes. */
static str again(buffer *b, const char *piece, size_t size) {
	buffer_clear(b);
	while (b->n < size)
		buffer_z(b, piece);
	return (str){b->p, b->n};
}

static void hunt_within(const char *what, const matcher *m, str text, double seconds) {
	folded f = {0};
	hits h = {0};
	struct timespec from, to;
	if (!fold_text(&f, text))
		abort();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	if (!matcher_scan(m, &f, &h))
		abort();
	uint32_t count = h.count;
	hits_except(m, &h);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	double took = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
	char detail[100];
	snprintf(detail, sizeof detail, "%.3f seconds, %u hits", took, count);
	printf("# %s: %s\n", what, detail);
	check(took < seconds, what, detail);
	hits_free(&h);
	fold_free(&f);
}

static const char *const monotonous[] = {"+",    "a",        "a ",       "a b ",     "a.",      "a_",    "@a",
                                         "@",    "+a",       "a@a.",     "ab ab\n",  " ",       "茶",    "茶 ",
                                         "กำ",   ":)",       "$",        "👍",        "I",       "x*x",   "\xFF",
                                         "\t\n", "prefixes", "prefix0 ", "one two ", "一二 三", "一二三"};

static void hunt_hostile(void) {
	arena a = {0};
	lexicon few =
	    list_of(&a,
	            "a|a b|a b a|b a b|#a|@a|a.a|a* b|a* b* a*|茶|茶 茶|茶茶|ก|:)|$$$|👍|x*|%a|%aa|%aaa|%aaaaaaa|^a|"
	            "~a|~#|a @a|一 二|%$|one two one two|#|@|*",
	            "tr");
	const lexicon *list = &few;
	matcher *m = matcher_of(&list, 1);
	buffer b = {0}, terms = {0};
	for (size_t i = 0; i < sizeof monotonous / sizeof *monotonous; i++) {
		char what[80];
		snprintf(what, sizeof what, "100 KB of monotonous text %zu", i);
		again(&b, monotonous[i], 100000);
		for (size_t k = 0; k < b.n; k++)
			b.p[k] = b.p[k] == '+' ? '#' : b.p[k];
		hunt_within(what, m, (str){b.p, b.n}, 1);
	}
	matcher_free(m);
	for (int i = 0; i < 50000; i++)
		buffer_printf(&terms, "prefix%d*|one two %d|一二 三%d|一二%d|", i, i, i, i);
	for (int i = 1; i < 120; i++)
		buffer_printf(&terms, "prefix%.*s*|", i, again(&b, "es", 120).p);
	static const char *const longest[] = {"a b ", "茶", "a.", "one two ", "prefixes"};
	for (int i = 0; i < 5; i++) {
		str t = again(&b, longest[i], 990);
		buffer_printf(&terms, "%.*sx|%.*s|", STR_ARG(t), STR_ARG(t));
	}
	buffer_add(&terms, "y", 2);
	lexicon many = list_of(&a, terms.p, "");
	list = &many;
	m = matcher_of(&list, 1);
	for (size_t i = 0; i < sizeof monotonous / sizeof *monotonous; i++)
		hunt_within("200,000 terms of which many begin alike", m, again(&b, monotonous[i], 100000), 2);
	matcher_free(m);
	buffer_free(&b);
	buffer_free(&terms);
	arena_free(&a);
}

int main(void) {
	for (size_t i = 0; i < sizeof hunts / sizeof *hunts; i++)
		expect(&hunts[i], "");
	for (size_t i = 0; i < sizeof turkish / sizeof *turkish; i++)
		expect(&turkish[i], "tr-TR");
	look_up_words();
	hunt_hostile();
	printf("1..%d\n", tests);
	return failures != 0;
}
