/* lexicon_test.c: files of terms, and what is told of terms that cannot be meant. Prints TAP. */
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

/* One line for each problem. */
static void tell(const struct kol_problems *problems, buffer *out) {
	for (int i = 0; i < problems->count; i++) {
		char text[2048];
		kol_error_text(&problems->items[i], text, sizeof text);
		buffer_printf(out, "%s\n", text);
	}
}

static const char *role_names[] = {"", "~"};

/* What a file says: terms (~: an exception) with their weights, then what is wrong with it. */
static void read(const char *what, str file, const char *expected) {
	arena a = {0};
	lexicon l = {.name = "x"};
	struct kol_problems problems = {0};
	buffer got = {0};
	if (!lexicon_read(&a, &l, "x.txt", file, &problems))
		abort();
	for (int i = 0; i < l.count; i++)
		buffer_printf(&got, "%d%s %.*s %g\n", l.terms[i].line, role_names[l.terms[i].role], STR_ARG(l.terms[i].text),
		              l.terms[i].weight);
	tell(&problems, &got);
	buffer_char(&got, 0);
	check(!strcmp(got.p, expected), what, got.p);
	buffer_free(&got);
	problems_free(&problems);
	arena_free(&a);
}

static void read_files(void) {
	read(
	    "terms, weights, comments, sections",
	    STR("\xEF\xBB\xBF-- bad words\nbad\n\n  worse \t-2.5 \r\n--\n--x\n[except]\nnot bad\n[ terms ]\nvery bad\t1e1"),
	    "2 bad 1\n4 worse -2.5\n6 --x 1\n8~ not bad 1\n10 very bad 10\n");
	read("an empty file", STR(""), "");
	read("bad weights", STR("a\tb\nc\t\nd\t1 2\ne\t0x10\nf\tinf\ng\t1e999"),
	     "1 a 1\n2 c 1\n3 d 1\n4 e 1\n5 f 1\n6 g 1\n"
	     "x.txt:1: behind the TAB stands the term's weight, and 'b' is not a number\n"
	     "x.txt:2: behind the TAB stands the term's weight, and '' is not a number\n"
	     "x.txt:3: behind the TAB stands the term's weight, and '1 2' is not a number\n"
	     "x.txt:4: behind the TAB stands the term's weight, and '0x10' is not a number\n"
	     "x.txt:5: behind the TAB stands the term's weight, and 'inf' is not a number\n"
	     "x.txt:6: behind the TAB stands the term's weight, and '1e999' is not a number\n");
	read("an unknown section", STR("[exept]\na"),
	     "2 a 1\nx.txt:1:1: there is no section [exept]; sections are [terms] and [except]; did you mean 'except'?\n");
	read("not UTF-8", STR("caf\xE9\ncafé"), "2 café 1\nx.txt:1: this line is not UTF-8; save the file as UTF-8\n");
}

/* What is wrong with the terms of a file. */
static void complain(const char *what, str file, const char *language, const char *expected) {
	arena a = {0};
	lexicon l = {.name = "x", .language = str_of(language)};
	struct kol_problems problems = {0};
	buffer got = {0};
	if (!lexicon_read(&a, &l, "x.txt", file, &problems) || !lexicon_check(&l, &problems))
		abort();
	tell(&problems, &got);
	buffer_char(&got, 0);
	check(!strcmp(got.p, expected), what, got.p);
	buffer_free(&got);
	problems_free(&problems);
	arena_free(&a);
}

static void check_terms(void) {
	complain("what is right", STR("good\ngood*\nfe*t\n好\n#a\n18+\n❤\nkill\n[except]\nkill it\ngoods"), "", "");
	complain("empty terms", STR("\t3\n\xE2\x80\x8B"), "",
	         "x.txt:1: this term is empty; take it away\n"
	         "x.txt:2: of this term nothing is left to look for but spaces and invisible characters; take it away\n");
	complain("one letter", STR("X\nя\n好\n5"), "",
	         "x.txt:1: \"X\" is a word of one letter and hits wherever it stands alone; write a longer term\n"
	         "x.txt:2: \"я\" is a word of one letter and hits wherever it stands alone; write a longer term\n"
	         "x.txt:4: \"5\" is a word of one letter and hits wherever it stands alone; write a longer term\n");
	complain("short beginnings", STR("ab*\nabc*\nго*\ngood a*"), "",
	         "x.txt:1: \"ab*\" hits too many words; write at least three letters before the *\n"
	         "x.txt:3: \"го*\" hits too many words; write at least three letters before the *\n");
	complain("duplicates", STR("Straße\nkill  it\nSTRASSE\nkill it*\nKill It\nstrasse"), "",
	         "x.txt:3: \"STRASSE\" is the same term as \"Straße\" in line 1; take one of them away\n"
	         "x.txt:5: \"Kill It\" is the same term as \"kill  it\" in line 2; take one of them away\n"
	         "x.txt:6: \"strasse\" is the same term as \"Straße\" in line 1; take one of them away\n");
	complain(
	    "swallowed terms", STR("kill\nswindler\nswind*\nshoot*\n好吃\n[except]\nKILL\nswindl*\nshoo*\n好\n好吃"), "",
	    "x.txt:1: \"kill\" never counts: the exception \"KILL\" in line 7 covers it wherever it stands; take one of "
	    "them away\n"
	    "x.txt:2: \"swindler\" never counts: the exception \"swindl*\" in line 8 covers it wherever it stands; take "
	    "one of them away\n"
	    "x.txt:4: \"shoot*\" never counts: the exception \"shoo*\" in line 9 covers it wherever it stands; take one "
	    "of them away\n"
	    "x.txt:5: \"好吃\" never counts: the exception \"好吃\" in line 11 covers it wherever it stands; take one of "
	    "them away\n");
	buffer longer = {0};
	for (int i = 0; i < 1001; i++)
		buffer_char(&longer, 'a');
	complain("too long", (str){longer.p, longer.n}, "",
	         "x.txt:1: "
	         "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\" is not looked for: "
	         "terms have at most 1000 bytes; shorten it\n");
	buffer_free(&longer);
}

static void check_lists(void) {
	arena a = {0};
	lexicon l = {.name = "banned"};
	struct kol_problems problems = {0};
	buffer got = {0};
	if (!lexicon_add(&a, &l, (term){.text = STR("ab"), .how = HOW_SUBSTRING}) ||
	    !lexicon_add(&a, &l, (term){.text = STR("AB"), .how = HOW_SUBSTRING}) ||
	    !lexicon_add(&a, &l, (term){.text = STR("ab"), .role = ROLE_EXCEPT}) || !lexicon_check(&l, &problems))
		abort();
	tell(&problems, &got);
	buffer_char(&got, 0);
	check(!strcmp(got.p, "lexicon 'banned': \"AB\" is the same term as \"ab\" in the list; take one of them away\n"),
	      "a list that is in no file; an exception that does not cover what stands inside words", got.p);
	buffer_free(&got);
	problems_free(&problems);
	arena_free(&a);
}

/* Fifty thousand terms, a third of them phrases. */
static void load_many(void) {
	buffer file = {0};
	for (int i = 0; i < 50000; i++)
		buffer_printf(&file, i % 3 ? "word%d\t%d\n" : "word%d and others %d\n", i * 7919 % 100003, i);
	struct timespec from, to;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	arena a = {0};
	lexicon l = {.name = "x"};
	const lexicon *list = &l;
	matcher *m = NULL;
	struct kol_problems problems = {0};
	if (!lexicon_read(&a, &l, "x.txt", (str){file.p, file.n}, &problems) || !lexicon_check(&l, &problems) ||
	    matcher_new(&list, 1, &m, NULL) != KOL_OK)
		abort();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) * 1e-6;
	printf("# %d terms read, checked and indexed in %.0f ms\n", l.count, ms);
	check(l.count == 50000 && problems.count == 0, "fifty thousand terms", "count");
	matcher_free(m);
	problems_free(&problems);
	buffer_free(&file);
	arena_free(&a);
}

int main(void) {
	read_files();
	check_terms();
	check_lists();
	load_many();
	printf("1..%d\n", tests);
	return failures != 0;
}
