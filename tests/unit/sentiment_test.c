/* sentiment_test.c: what tone made-up sentences have, first by a small lexicon whose numbers can be followed by hand,
 * then by those of stdlib. Prints TAP. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "text/sentiment.h"

static int tests, failures;

static void check(bool ok, const char *what, const char *detail) {
	printf("%s %d - ", ok ? "ok" : "not ok", ++tests);
	for (; *what; what++)
		putchar(*what == '\n' ? ' ' : *what);
	printf("%s%s\n", ok ? "" : " # ", ok ? "" : detail);
	failures += !ok;
}

typedef struct setup {
	arena memory, scratch;
	struct kol_problems problems;
	lexicon words, emoji;
	matcher *m;
	folded text;
	hits hits;
	sentiment found;
} setup;

static bool prepare(setup *s, const char *path, str words, const char *emoji_path, str emoji) {
	const lexicon *list[] = {&s->words, &s->emoji};
	s->words.name = "words";
	s->emoji.name = "emoji";
	return sentiment_read(&s->memory, &s->words, path, words, &s->problems) &&
	       sentiment_read(&s->memory, &s->emoji, emoji_path, emoji, &s->problems) &&
	       matcher_new(list, 2, &s->m, NULL) == KOL_OK;
}

static void finish(setup *s) {
	matcher_free(s->m);
	fold_free(&s->text);
	hits_free(&s->hits);
	problems_free(&s->problems);
	arena_free(&s->scratch);
	arena_free(&s->memory);
}

static double score_between(setup *s, str text, size_t start, size_t end) {
	uint64_t use = 3;
	arena_reset(&s->scratch);
	if (!fold_text(&s->text, text) || !matcher_scan(s->m, &s->text, &s->hits) ||
	    !sentiment_of(&s->text, start, end < s->text.n ? end : s->text.n, s->m, &s->hits, &use, &s->scratch, &s->found))
		abort();
	return s->found.score;
}

static double score(setup *s, str text) { return score_between(s, text, 0, SIZE_MAX); }

/* "good 2.00|bad -1.50" */
static const char *tones(setup *s, str text) {
	static char out[512];
	size_t n = 0;
	score(s, text);
	out[0] = 0;
	for (int i = 0; i < s->found.count && n < sizeof out; i++) {
		const tone *t = &s->found.tones[i];
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s %.2f", i ? "|" : "", (int)(t->at.end - t->at.start),
		                      s->text.p + t->at.start, t->points);
	}
	return out;
}

/* ---- numbers that can be followed by hand ---- */

#define SMALL                                                                                                    \
	"-- a lexicon\n[words]\ngood\t2\ngod\t1\nbad\t-2\nto die for\t3\ndie\t-2\nlove*\t3\nlovelorn\t-1\n#win\t2\n" \
	"bessere\t2\n好吃\t2\n좋\t2\n[strengthen]\nvery\t1.5\na lot\t1.5\n很\t1.5\n[weaken]\na bit\t0.5\n"       \
	"[negate]\nnot\t-0.5\nno\nnicht\n不\n[negate after]\nnicht\n지 않\n[contrast]\nbut\nalthough\t0.5\n"      \
	"[neutral]\nno doubt\ngood morning\n"
#define EMOJI "[words]\n😂\t1\n:)\t2\n:p\t1\n😡\t-3\n"

typedef struct sum {
	const char *text, *expected;
} sum;

static const sum sums[] = {
    {"A good tea.", "good 2.00"},
    {"Tea is tea.", ""},
    {"", ""},
    /* the longest, and what lies inside it */
    {"a cake to die for", "to die for 3.00"},
    {"good morning", ""},
    {"Lovely, lovelorn love", "lovely 3.00|lovelorn -1.00|love 3.00"},
    {"#win #winner", "#win 2.00"},
    /* strength */
    {"very good", "good 3.00"},
    {"very very good", "good 4.40"},
    {"a bit bad", "bad -1.00"},
    {"very, good", "good 2.00"},
    {"good a lot", "good 3.00"},
    {"good a lot of bad", "good 2.00|bad -3.00"},
    {"very one two three four good", "good 2.00"},
    /* negation */
    {"not good", "good -1.24"},
    {"not bad", "bad 0.76"},
    {"not a very good tea", "good -1.86"},
    {"no good, good tea", "good -1.24|good 2.00"},
    {"not not good", "good 2.00"},
    {"no bad and good tea", "bad 0.76|good 2.00"},
    {"no good and good tea", "good -1.24|good -1.24"},
    {"no one two three four good", "good 2.00"},
    {"not good nor not very bad", "good -1.24|bad 1.14"},
    {"no doubt good", "good 2.00"},
    {"it does not fit", "not -0.50"},
    {"no tea", ""},
    {"no. Good", "good 2.00"},
    {"no\ngood", "good 2.00"},
    {"no 2.5 good", "good -1.24"},
    {"nicht bessere", "bessere -1.24"},
    {"bessere nicht", "bessere -1.24"},
    {"bessere gibt es nicht", "bessere -1.24"},
    {"不好吃", "好吃 -1.24"},
    {"很好吃", "好吃 3.00"},
    {"不是那一种的好吃", "好吃 2.00"},
    {"좋지 않아요", "좋 -1.24"},
    {"not 😂", "not -0.50|😂 1.00"},
    /* contrast */
    {"good but bad", "good 1.30|bad -2.30"},
    {"but good", "good 2.00"},
    {"good. but bad", "good 2.00|bad -2.00"},
    {"good but good but bad", "good 1.30|good 1.30|bad -2.30"},
    {"although bad, good", "bad -1.00|good 2.00"},
    {"good although bad", "good 2.00|bad -1.00"},
    {"although bad", "bad -2.00"},
    /* how it is written */
    {"a GOOD tea", "good 2.50"},
    {"A GOOD TEA", "good 2.00"},
    {"goooood", "goooood 2.40"},
    {"gooooodddd", "gooooodddd 2.40"},
    {"loooovely", "loooovely 3.60"},
    {"bAAAd tea, bad", "baaad -2.40|bad -2.00"},
    {"good!", "good 2.24"},
    {"good!!!!!!!!", "good 2.96"},
    {"good! bad", "good 2.24|bad -2.00"},
    {"good?", "good 1.40"},
    {"good?!", "good 2.24"},
    /* emoji */
    {"tea :)", ":) 2.00"},
    {"not good :)", "good -1.24|:) 2.00"},
    {"so:perfect :p", ":p 1.00"},
    {"good! 😂 tea", "good 2.24|😂 1.12"},
    {"😡😡", "😡 -3.00|😡 -3.00"},
};

static void test_sums(void) {
	setup s = {0};
	if (!prepare(&s, "small.txt", STR(SMALL), "emoji.txt", STR(EMOJI)))
		abort();
	check(s.problems.count == 0, "the small lexicon is sound", s.problems.count ? s.problems.items->message : "");
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		const char *got = tones(&s, str_of(sums[i].text));
		check(strcmp(got, sums[i].expected) == 0, sums[i].text, got);
	}
	check(score(&s, STR("tea")) == 0, "nothing found is neutral", "");
	check(fabs(score(&s, STR("good")) - 2 / sqrt(18)) < 1e-9, "one word's score", "");
	check(score(&s, STR("good good good good")) > score(&s, STR("good")), "more words say more", "");
	check(score_between(&s, STR("bad. good. bad."), 5, 10) > 0 && s.found.count == 1, "a part of a text", "");
	check(score_between(&s, STR("not good"), 4, 8) > 0, "what stands before a part does not turn it", "");
	finish(&s);
}

/* The arena gives out a little more from run to run, until there is enough. */
static void test_memory(void) {
	setup s = {0};
	uint64_t use = 3;
	int failed = 0;
	if (!prepare(&s, "small.txt", STR(SMALL), "emoji.txt", STR(EMOJI)))
		abort();
	buffer text = {0};
	for (int i = 0; i < 400; i++)
		buffer_z(&text, "good not bad ");
	score(&s, (str){text.p, text.n});
	double expected = s.found.score;
	for (size_t limit = 1; failed < 100; limit += limit / 2 + 1) {
		arena small = {.limit = limit};
		bool whole = sentiment_of(&s.text, 0, s.text.n, s.m, &s.hits, &use, &small, &s.found);
		arena_free(&small);
		if (whole)
			break;
		failed++;
	}
	check(failed > 1 && failed < 100 && s.found.score == expected, "memory ends", "");
	buffer_free(&text);
	finish(&s);
}

static void test_emoji_alone(void) {
	setup s = {0};
	uint64_t use = 2;
	if (!prepare(&s, "small.txt", STR(SMALL), "emoji.txt", STR(EMOJI)))
		abort();
	score(&s, STR("goood bad 😂"));
	if (!sentiment_of(&s.text, 0, s.text.n, s.m, &s.hits, &use, &s.scratch, &s.found))
		abort();
	check(s.found.count == 1 && s.found.score > 0, "only lexicons that are in use count", "");
	finish(&s);
}

/* ---- files ---- */

static void test_problems(void) {
	setup s = {0};
	prepare(&s, "bad.txt",
	        STR("[words]\ngood\nfine\tx\nbest\t5\n[stronger]\n[strengthen]\nvery\t0.5\n[neutral]\n\xFF\n"
	            "[weaken]\na bit\n"),
	        "emoji.txt", STR(""));
	static const int lines[] = {2, 3, 4, 5, 7, 9, 11};
	int count = (int)(sizeof lines / sizeof *lines);
	bool same = s.problems.count == count;
	for (int i = 0; same && i < count; i++)
		same = s.problems.items[i].line == lines[i] && strcmp(s.problems.items[i].path, "bad.txt") == 0;
	check(same, "what is wrong with a file is told with its line", "");
	finish(&s);
}

static bool read_file(const char *path, buffer *out) {
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	char block[4096];
	for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
		buffer_add(out, block, n);
	fclose(f);
	return !out->failed;
}

static const char *stdlib_path(const char *language) {
	static char path[2][512];
	static int turn;
	const char *stdlib = getenv("KOLANDER_STDLIB");
	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/lexicons/sentiment/%s.txt", stdlib ? stdlib : "stdlib", language);
	return path[turn];
}

/* ---- the lexicons of stdlib ---- */

typedef struct sample {
	const char *language, *praise, *blame, *neutral;
} sample;

static const sample samples[] = {
    {"en", "This serum is amazing, works great", "Complete waste of money, it broke after two days",
     "The parcel arrived on Tuesday"},
    {"en", "sick beat, this is to die for", "it falls apart, do not buy", "The table is made of wood"},
    {"en", "can't wait!! soooo excited :)", "ugh, not happy with this at all :(", "We drive to Leeds at noon"},
    {"en", "A must see: funny, moving and never dull", "Overlong, predictable and not funny", "The film opens in May"},
    {"de", "Das ist richtig gut, ich liebe es", "Das ist leider gar nicht gut", "Der Tisch ist aus Holz"},
    {"fr", "C'est génial, je recommande", "Très déçue, c'est nul", "Le colis est arrivé mardi"},
    {"es", "Me encanta, es una maravilla", "Es horrible, no lo recomiendo", "La mesa es de madera"},
    {"pt", "Adorei, é maravilhoso", "Péssimo, não recomendo", "A mesa é de madeira"},
    {"it", "Lo adoro, è fantastico", "Pessimo, non lo consiglio", "Il tavolo è di legno"},
    {"zh", "太好吃了，强烈推荐", "踩雷了，非常失望", "桌子是木头做的"},
    {"ja", "最高です、大好き", "最悪、全然おいしくない", "机は木でできています"},
    {"ko", "정말 맛있어요, 추천합니다", "최악이에요, 실망했어요", "책상은 나무로 만들었습니다"},
};

typedef struct sign {
	char sign;
	const char *text;
} sign;

/* What English turns, strengthens, weakens and means otherwise than its words do. */
static const sign signs[] = {
    {'+', "nobody does it better"},
    {'+', "nothing beats a home cooked meal"},
    {'+', "it doesn't get any better than this"},
    {'+', "you won't be disappointed"},
    {'+', "i couldn't be happier with my purchase"},
    {'+', "not only beautiful but also practical"},
    {'+', "not bad at all"},
    {'+', "it's not the best, but it does the job"},
    {'-', "it's not the worst, but i wouldn't buy it again"},
    {'-', "it was great until it stopped working"},
    {'-', "it used to be good"},
    {'-', "it would be great if it worked"},
    {'-', "i wish it were better"},
    {'-', "i wanted to like it but i can't"},
    {'+', "i expected to hate it but i love it"},
    {'+', "i thought it would be terrible but it is great"},
    {'-', "i thought it would be great but it is terrible"},
    {'+', "looks ugly, works great"},
    {'-', "there is nothing good about it"},
    {'+', "there is nothing bad about it"},
    {'-', "far from perfect"},
    {'+', "nothing short of amazing"},
    {'-', "anything but good"},
    {'-', "not as good as the old one"},
    {'-', "worse than the old one"},
    {'+', "without a doubt the best"},
    {'+', "never had a problem with it"},
    {'+', "i have never been disappointed by this brand"},
    {'-', "i don't recommend it"},
    {'+', "can't praise it enough"},
    {'-', "would not buy again"},
    {'-', "the only good thing is the box"},
    {'-', "good luck getting a refund"},
    {'-', "it lacks quality"},
    {'+', "it never fails to impress"},
    {'-', "neither good nor cheap"},
    {'+', "solved all my problems"},
    {'+', "relieves the pain"},
    {'+', "despite the bad reviews i love it"},
    {'+', "although it is expensive, it is worth it"},
    {'+', "it is expensive but worth every penny"},
    {'-', "is this supposed to be funny?"},
    {'+', "who doesn't love pizza?"},
    {'+', "i don't hate it"},
    {'+', "this is insanely good"},
    {'+', "sick moves bro"},
    {'+', "it's the bomb"},
    {'+', "that's wicked"},
    {'-', "he got killed"},
    {'+', "crazy good deal"},
    {'+', "dead gorgeous"},
    {'+', "a must see"},
    {'+', "not to be missed"},
    {'+', "i cried because it was so beautiful"},
    {'+', "so good it hurts"},
    {'+', "never a dull moment"},
    {'+', "my boyfriend made me breakfast, so sweet :)"},
    {'-', "ugh my phone died AGAIN"},
    {'+', "sooooo happy right now!!!"},
    {'-', "This fell apart in the wash"},
    {'+', "a tense, clever thriller with two terrific leads"},
    {'-', "an overlong mess with nothing to say"},
    {'+', "crying happy tears 😭❤️"},
    {'-', "worst. service. ever. 😡"},
    {'-', "what a lovely monday #sarcasm"},
};

/* English that says nothing good or bad, though some of its words might. */
static const char *const plain[] = {
    "The parcel arrived on Tuesday.",
    "Link in bio, use code LENA20 for 20% off",
    "Gifted. Paid partnership with Brisk.",
    "I didn't know what to wear for the photo shoot",
    "Mix the dry ingredients, whisk until smooth and let it cool",
    "Fast food, hot chocolate and a true crime podcast",
    "What's the best bus to the harbour?",
    "Part 2 of my morning: coffee, emails, gym",
};

static void test_english(setup *s) {
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		double got = score(s, str_of(signs[i].text));
		check(signs[i].sign == '+' ? got > 0 : got < 0, signs[i].text, tones(s, str_of(signs[i].text)));
	}
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		check(score(s, str_of(plain[i])) == 0, plain[i], tones(s, str_of(plain[i])));
}

static void test_sample(setup *s, const sample *one) {
	char what[256];
	snprintf(what, sizeof what, "%s: praise, blame, neither", one->language);
	bool praise = score(s, str_of(one->praise)) > 0.1, blame = score(s, str_of(one->blame)) < -0.1;
	check(praise && blame && score(s, str_of(one->neutral)) == 0, what,
	      tones(s, str_of(!praise  ? one->praise
	                      : !blame ? one->blame
	                               : one->neutral)));
}

/* The first problem; not that a word has one letter, as chats have them ("n" is "not" in Portuguese). */
static const kol_error *first_problem(const setup *s) {
	for (int i = 0; i < s->problems.count; i++) {
		bool short_word = false;
		for (int k = 0; k < s->words.count; k++)
			short_word |=
			    s->words.terms[k].line == s->problems.items[i].line && utf8_length(s->words.terms[k].text) == 1;
		if (!short_word)
			return &s->problems.items[i];
	}
	return NULL;
}

static void test_language(const char *language, str emoji) {
	setup s = {0};
	buffer words = {0};
	const char *path = stdlib_path(language);
	if (!read_file(path, &words) || words.n == 0) {
		printf("ok %d - %s # SKIP not there\n", ++tests, language);
		buffer_free(&words);
		return;
	}
	if (!prepare(&s, path, (str){words.p, words.n}, stdlib_path("emoji"), emoji))
		abort();
	if (!lexicon_check(&s.words, &s.problems))
		abort();
	char what[600] = "", problem[700] = "";
	snprintf(what, sizeof what, "nothing is wrong with %s, %d entries", language, s.words.count);
	const kol_error *first = first_problem(&s);
	if (first)
		snprintf(problem, sizeof problem, "line %d: %.600s", first->line, first->message);
	check(!first, what, problem);
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		if (strcmp(samples[i].language, language) == 0)
			test_sample(&s, &samples[i]);
	if (strcmp(language, "en") == 0)
		test_english(&s);
	finish(&s);
	buffer_free(&words);
}

/* ---- texts that mean no good ---- */

static void test_hostile(void) {
	static const char *const parts[] = {
	    "very ", "not 😂", "good but ", "although good ", "goooo", "not good, ", "nicht ",     "gooddd baddd ", "!",
	    "\n",    "a''",   "😂",         "지 않",          "AAAA",  "\xFF",       "very a lot "};
	setup s = {0};
	if (!prepare(&s, "small.txt", STR(SMALL), "emoji.txt", STR(EMOJI)))
		abort();
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		buffer big = {0};
		while (big.n < 1 << 20)
			buffer_z(&big, parts[i]);
		clock_t began = clock();
		double got = score(&s, (str){big.p, big.n});
		check(got >= -1 && got <= 1 && clock() - began < 5 * CLOCKS_PER_SEC, "a megabyte of one thing", parts[i]);
		buffer_free(&big);
	}
	finish(&s);
}

int main(void) {
	static const char *const languages[] = {"de", "en", "es", "fr", "it", "ja", "ko", "pt", "zh"};
	buffer emoji = {0};
	test_sums();
	test_emoji_alone();
	test_memory();
	test_problems();
	if (!read_file(stdlib_path("emoji"), &emoji))
		check(false, "the emoji of stdlib", stdlib_path("emoji"));
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
		test_language(languages[i], (str){emoji.p, emoji.n});
	buffer_free(&emoji);
	test_hostile();
	printf("1..%d\n", tests);
	return failures ? 1 : 0;
}
