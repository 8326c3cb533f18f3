/* language_read.c: reads languages.txt, the small words of each language, into lexicons. See language.h. */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/language.h"

static void complain(struct kol_problems *problems, const char *path, int line, const char *sentence) {
	kol_error err;
	error_at(&err, KOL_E_RULE, path, line, 0, "%s", sentence);
	problems_add(problems, &err);
}

/* The list has room for every section. */
static lexicon *lexicon_named(arena *a, lexicon *list, int *count, str name) {
	for (int i = 0; i < *count; i++)
		if (str_is(name, list[i].name))
			return &list[i];
	char *copy = arena_text(a, name.p, name.n);
	if (!copy)
		return NULL;
	list[*count] = (lexicon){.name = copy};
	return &list[(*count)++];
}

/* "der<TAB>2": false when memory ended. */
static bool read_word(arena *a, lexicon *l, const char *path, int line, str s, struct kol_problems *problems) {
	const char *tab = memchr(s.p, '\t', s.n);
	char number[32] = "1", *end = number + 1;
	double weight = 1;
	if (tab) {
		size_t n = s.n - (size_t)(tab + 1 - s.p);
		snprintf(number, sizeof number, "%.*s", n < 31 ? (int)n : 31, tab + 1);
		weight = strtod(number, &end);
		s.n = (size_t)(tab - s.p);
	}
	if (end == number || *end || weight <= 0 || weight > 10) {
		complain(problems, path, line, "a weight is a number above 0, up to 10");
		return true;
	}
	if (!s.n || !utf8_valid(s)) {
		complain(problems, path, line, s.n ? "not UTF-8" : "an empty word");
		return true;
	}
	return lexicon_add(a, l, (term){.text = s, .weight = weight, .path = path, .line = line});
}

static str next_line(str bytes, size_t *i) {
	const char *begin = bytes.p + *i, *end = memchr(begin, '\n', bytes.n - *i);
	size_t n = end ? (size_t)(end - begin) : bytes.n - *i;
	*i += n + 1;
	while (n && (begin[n - 1] == '\r' || begin[n - 1] == ' '))
		n--;
	return (str){begin, n};
}

static bool section(str line) { return line.n > 2 && line.p[0] == '[' && line.p[line.n - 1] == ']'; }

bool language_read(arena *a, const char *path, str bytes, lexicon **out, int *count, struct kol_problems *problems) {
	int most = 0, number = 0;
	for (size_t i = 0; i < bytes.n;)
		most += section(next_line(bytes, &i));
	lexicon *list = ARENA_ARRAY(a, lexicon, most + 1), *l = NULL;
	*out = list;
	*count = 0;
	if (!list)
		return false;
	for (size_t i = 0; i < bytes.n;) {
		str s = next_line(bytes, &i);
		number++;
		bool comment = s.n >= 2 && s.p[0] == '-' && s.p[1] == '-' && (s.n == 2 || s.p[2] == ' ');
		if (!s.n || comment)
			continue;
		if (section(s)) {
			l = lexicon_named(a, list, count, (str){s.p + 1, s.n - 2});
			if (!l)
				return false;
		} else if (!l)
			complain(problems, path, number, "a word stands before the first [language]");
		else if (!read_word(a, l, path, number, s, problems))
			return false;
	}
	return true;
}
