/* source.c: finds where a field of a rule is written, so that a message can point at it. Reads Lua's words and counts
 * its brackets; what it does not find is told by the rule's line. Calls no Lua. */
#include "script/source.h"

#include <ctype.h>
#include <stdio.h>

#include "base/utf8.h"

#define SEARCH_WORDS 64

typedef struct reader {
	const char *p, *end, *begin; /* begin: of the line */
	int line;
	/* The word at hand. kind: 'n' name, 's' text, '0' number, another character itself, 0 at the end. */
	char kind;
	str word;   /* of a text: what is between the quotes */
	int at;     /* its line */
	int column; /* of its first character (of a text: of the first within) */
} reader;

static void new_line(reader *r) {
	r->line++;
	r->begin = r->p;
}

/* At `[[` or `[==[`: the length of the opening bracket; else 0. */
static size_t long_bracket(const reader *r) {
	const char *q = r->p + 1;
	if (r->p >= r->end || *r->p != '[')
		return 0;
	while (q < r->end && *q == '=')
		q++;
	return q < r->end && *q == '[' ? (size_t)(q + 1 - r->p) : 0;
}

/* Reads up to and over the bracket that closes one of `n` characters, which was read. */
static str long_text(reader *r, size_t n) {
	str out = {r->p, 0};
	for (; r->p < r->end; r->p++) {
		if (*r->p == '\n') {
			r->p++;
			new_line(r);
			r->p--;
		}
		if (*r->p != ']' || (size_t)(r->end - r->p) < n || r->p[n - 1] != ']')
			continue;
		size_t i = 1;
		while (i < n - 1 && r->p[i] == '=')
			i++;
		if (i < n - 1)
			continue;
		out.n = (size_t)(r->p - out.p);
		r->p += n;
		return out;
	}
	out.n = (size_t)(r->p - out.p);
	return out;
}

static void skip_space(reader *r) {
	while (r->p < r->end) {
		if (*r->p == '\n') {
			r->p++;
			new_line(r);
		} else if (isspace((unsigned char)*r->p)) {
			r->p++;
		} else if (r->end - r->p > 1 && r->p[0] == '-' && r->p[1] == '-') {
			r->p += 2;
			size_t n = long_bracket(r);
			r->p += n;
			if (n)
				long_text(r, n);
			while (!n && r->p < r->end && *r->p != '\n')
				r->p++;
		} else {
			return;
		}
	}
}

static void mark(reader *r) {
	r->at = r->line;
	r->column = (int)utf8_length((str){r->begin, (size_t)(r->p - r->begin)}) + 1;
}

static void quoted(reader *r) {
	char quote = *r->p++;
	mark(r);
	r->word.p = r->p;
	while (r->p < r->end && *r->p != quote && *r->p != '\n') {
		bool skips = *r->p == '\\' && r->p + 1 < r->end;
		r->p += skips ? 2 : 1;
		if (skips && r->p[-1] == '\n')
			new_line(r);
	}
	r->word.n = (size_t)(r->p - r->word.p);
	if (r->p < r->end && *r->p == quote)
		r->p++;
}

static char next(reader *r) {
	skip_space(r);
	mark(r);
	r->word = (str){r->p, 0};
	if (r->p >= r->end)
		return r->kind = 0;
	size_t n = long_bracket(r);
	if (n) {
		r->p += n;
		if (r->p < r->end && *r->p == '\n') {
			r->p++;
			new_line(r);
		}
		mark(r);
		r->word = long_text(r, n);
		return r->kind = 's';
	}
	if (*r->p == '"' || *r->p == '\'') {
		quoted(r);
		return r->kind = 's';
	}
	if (isalnum((unsigned char)*r->p) || *r->p == '_') {
		r->kind = isdigit((unsigned char)*r->p) ? '0' : 'n';
		while (r->p < r->end && (isalnum((unsigned char)*r->p) || *r->p == '_' || (r->kind == '0' && *r->p == '.')))
			r->p++;
		r->word.n = (size_t)(r->p - r->word.p);
		return r->kind;
	}
	r->word.n = 1;
	return r->kind = *r->p++;
}

static bool is_sign(reader *r, char c) { return r->p < r->end && *r->p == c; }

/* What a word does to the depth of brackets and blocks. */
static int opens(const reader *r) {
	static const char *const begins[] = {"function", "if", "do", "repeat"};
	if (r->kind == '(' || r->kind == '{' || r->kind == '[')
		return 1;
	if (r->kind == ')' || r->kind == '}' || r->kind == ']')
		return -1;
	for (size_t i = 0; r->kind == 'n' && i < sizeof begins / sizeof *begins; i++)
		if (str_is(r->word, begins[i]))
			return 1;
	return r->kind == 'n' && (str_is(r->word, "end") || str_is(r->word, "until")) ? -1 : 0;
}

/* Skips what is left of a field; the word at hand is then , or ; or the table's }. False at the end. */
static bool skip_value(reader *r) {
	for (int depth = 0; r->kind; next(r)) {
		if (depth == 0 && (r->kind == ',' || r->kind == ';' || r->kind == '}'))
			return true;
		depth += opens(r);
	}
	return false;
}

/* Reads `name =`, `["name"] =` or nothing. The word at hand is then the value's first. False: an item of a list. */
static bool read_key(reader *r, str *key) {
	reader before = *r;
	bool bracket = r->kind == '[';
	if (bracket)
		next(r);
	if (r->kind == 'n' || (bracket && r->kind == 's')) {
		*key = r->word;
		before.at = r->at;
		before.column = r->column;
		if ((!bracket || next(r) == ']') && next(r) == '=' && !is_sign(r, '=')) {
			next(r);
			return true;
		}
	}
	*r = before;
	return false;
}

static void read_pieces(reader *r, source_field *out) {
	size_t from = 0;
	while (r->kind == 's' && out->piece_count < SOURCE_PIECES) {
		out->pieces[out->piece_count++] = (source_piece){from, r->at, r->column};
		from += r->word.n;
		for (size_t i = 0; i < r->word.n && r->word.p[-1] != '['; i++)
			if (r->word.p[i] == '\\') {
				from--;
				i++;
			}
		if (next(r) != '.' || !is_sign(r, '.'))
			return;
		next(r);
		next(r);
	}
}

str source_line(str source, int line) {
	const char *p = source.p, *end = p + source.n;
	for (int i = 1; i < line && p && p < end; i++) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		p = newline ? newline + 1 : end;
	}
	const char *stop = p && p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
	return (str){p, (size_t)((stop ? stop : end) - p)};
}

/* Stands behind the { of a table; looks for `name` in it. */
static bool find_field(reader *r, const char *name, reader *key_at) {
	int item = 0;
	for (next(r); r->kind && r->kind != '}'; next(r)) {
		str key = {0};
		char number[16];
		*key_at = *r;
		if (!read_key(r, &key)) {
			snprintf(number, sizeof number, "#%d", ++item);
			key = str_of(number);
		}
		if (str_is(key, name))
			return true;
		if (!skip_value(r) || r->kind == '}')
			return false;
	}
	return false;
}

bool source_find(str source, int line, const char *word, const char *const *path, source_field *out) {
	*out = (source_field){.line = line, .text = source_line(source, line)};
	if (!source.p || line < 1)
		return false;
	reader r = {.p = out->text.p, .end = source.p + source.n, .begin = out->text.p, .line = line}, key = {0};
	int words = 0;
	while (next(&r) && words++ < SEARCH_WORDS)
		if ((r.kind == 's' || r.kind == 'n') && str_is(r.word, word))
			break;
	while (r.kind && r.kind != '{' && words++ < SEARCH_WORDS)
		next(&r);
	if (r.kind != '{')
		return false;
	for (; *path; path++) {
		if (r.kind != '{' || !find_field(&r, *path, &key))
			return false;
	}
	out->line = key.at;
	out->column = key.column;
	out->text = source_line((str){key.begin, (size_t)(key.end - key.begin)}, 1);
	read_pieces(&r, out);
	return true;
}

/* Could the word at hand end a value, and could it begin a field or an item? */
static bool ends_value(const reader *r) { return r->kind && strchr("ns0})]", r->kind); }

static bool begins_field(const reader *r) {
	if (r->kind == 's' || r->kind == '0' || r->kind == '{')
		return true;
	reader look = *r;
	return (r->kind == 'n' && next(&look) == '=' && !is_sign(&look, '=')) || r->kind == '[';
}

bool source_lacks_comma(str source, int line, str near, int *at, int *place) {
	reader r = {.p = source.p, .end = source.p + source.n, .begin = source.p, .line = 1}, before = r;
	for (; next(&r) && r.at <= line; before = r) {
		size_t quote = r.kind == 's';
		if (r.at != line || r.word.n + 2 * quote != near.n || memcmp(r.word.p - quote, near.p, near.n) != 0 ||
		    !ends_value(&before) || !begins_field(&r))
			continue;
		*at = before.line;
		*place = (int)utf8_length((str){before.begin, (size_t)(before.p - before.begin)}) + 1;
		return true;
	}
	return false;
}

int source_curly(str line) {
	for (size_t i = 0; i + 2 < line.n; i++)
		if (!memcmp(line.p + i, "\xE2\x80", 2) && (unsigned char)line.p[i + 2] >= 0x98 &&
		    (unsigned char)line.p[i + 2] <= 0x9F)
			return (int)utf8_length((str){line.p, i}) + 1;
	return 0;
}

str source_bare_word(const source_field *of) {
	reader r = {.p = of->text.p, .end = of->text.p + of->text.n, .begin = of->text.p, .line = of->line};
	while (next(&r) && r.column < of->column)
		;
	if (r.kind != 'n' || next(&r) != '=' || next(&r) != 'n')
		return (str){0};
	str word = r.word;
	next(&r);
	return !r.kind || r.kind == ',' || r.kind == ';' || r.kind == '}' ? word : (str){0};
}

bool source_too_deep(str source, int most, int *line, int *place) {
	reader r = {.p = source.p, .end = source.p + source.n, .begin = source.p, .line = 1};
	int depth = 0;
	while (next(&r))
		if ((depth += opens(&r)) > most) {
			*line = r.at;
			*place = r.column;
			return true;
		}
	return false;
}
