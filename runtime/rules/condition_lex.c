/* condition_lex.c: splits a condition into Lua's words: names, numbers, texts, operators.
 * Uses utf8 for escapes and columns. Knows nothing of grammar. */
#include "rules/condition_lex.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

kol_status condition_error(const condition *c, int at, kol_error *err, const char *format, ...) {
	char sentence[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	source_piece from = {0, c->place.line, c->place.column};
	for (int i = 0; i < c->place.piece_count && (int)c->place.pieces[i].from <= at; i++)
		from = c->place.pieces[i];
	int line = from.line, start = 0;
	for (int i = 0; i < at; i++)
		if (c->source.p[i] == '\n') {
			line += i >= (int)from.from;
			start = i + 1;
		}
	int place = (int)utf8_length((str){c->source.p + start, (size_t)(at - start)}) + 1;
	int begin = start > (int)from.from ? start : (int)from.from;
	int shown = (int)utf8_length((str){c->source.p + begin, (size_t)(at - begin)}) + 1;
	if (begin == (int)from.from && from.column > 0)
		shown += from.column - 1;
	if (c->place.path)
		error_at(err, KOL_E_RULE, c->place.path, line, shown, "%s", sentence);
	else if (c->place.rule)
		error_set(err, KOL_E_RULE, "rule '%s': %s", c->place.rule, sentence);
	else
		error_set(err, KOL_E_RULE, "%s", sentence);
	error_excerpt(err, c->source.p + start, c->source.n - (size_t)start, place);
	return KOL_E_RULE;
}

void lexer_fail(lexer *l, int at, const char *format, ...) {
	if (l->status)
		return;
	char sentence[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	l->status = condition_error(l->c, at, l->err, "%s", sentence);
	l->token = TOKEN_END;
}

static void fail_memory(lexer *l) {
	if (!l->status)
		l->status = error_memory(l->err);
	l->token = TOKEN_END;
}

/* The byte at `at`, or 0 behind the end. */
static unsigned char byte(const lexer *l, int at) {
	return (size_t)at < l->c->source.n ? (unsigned char)l->c->source.p[at] : 0;
}

static bool is_name(unsigned char c) { return isalnum(c) || c == '_' || c >= 0x80; }

/* “ ” ‘ ’ and their like, which word processors make of quotes. */
static bool is_curly(const lexer *l, int at) {
	return byte(l, at) == 0xE2 && byte(l, at + 1) == 0x80 && byte(l, at + 2) >= 0x98 && byte(l, at + 2) <= 0x9F;
}

/* 10K, 2M and 10_000, as they stand in `text`. */
static void fail_number(lexer *l, const char *text) {
	char digits[64];
	size_t n = 0;
	const char *p = text;
	for (; *p && (isdigit((unsigned char)*p) || *p == '.' || *p == '_') && n < sizeof digits - 1; p++)
		if (*p != '_')
			digits[n++] = *p;
	digits[n] = 0;
	double times = (*p | 32) == 'k' ? 1e3 : (*p | 32) == 'm' ? 1e6 : 1;
	if (p[0] && (times <= 1 || p[1]))
		lexer_fail(l, l->from, "'%.40s' is not a number", text);
	else
		lexer_fail(l, l->from, "'%.40s' is not a number; write %.15g", text, strtod(digits, NULL) * times);
}

static void read_number(lexer *l) {
	int at = l->from;
	bool hex = byte(l, at) == '0' && (byte(l, at + 1) | 32) == 'x';
	for (at += hex ? 2 : 0; is_name(byte(l, at)) || byte(l, at) == '.'; at++) {
		int exponent = byte(l, at) | 32;
		if (exponent == (hex ? 'p' : 'e') && (byte(l, at + 1) == '+' || byte(l, at + 1) == '-'))
			at++;
		if (byte(l, at) == '.' && byte(l, at + 1) == '.')
			break;
	}
	char text[400], *end;
	int n = at - l->from;
	snprintf(text, sizeof text, "%.*s", n, l->c->source.p + l->from);
	l->number = strtod(text, &end);
	l->next = at;
	l->token = TOKEN_NUMBER;
	if (n >= (int)sizeof text || *end || end == text)
		fail_number(l, text);
	else if (!isfinite(l->number))
		lexer_fail(l, l->from, "the number %.40s is too large", text);
}

/* How many = stand in a long bracket that opens at `at`, or -1. */
static int long_level(const lexer *l, int at) {
	int level = 0;
	while (byte(l, at + 1 + level) == '=')
		level++;
	return byte(l, at + 1 + level) == '[' ? level : -1;
}

static void read_long(lexer *l, int level) {
	int start = l->from + level + 2;
	if (byte(l, start) == '\r')
		start++;
	if (byte(l, start) == '\n')
		start++;
	for (int at = start; (size_t)at < l->c->source.n; at++) {
		int k = 0;
		while (byte(l, at) == ']' && k < level && byte(l, at + 1 + k) == '=')
			k++;
		if (byte(l, at) == ']' && k == level && byte(l, at + 1 + k) == ']') {
			l->text = (str){l->c->source.p + start, (size_t)(at - start)};
			l->next = at + level + 2;
			l->token = TOKEN_TEXT;
			return;
		}
	}
	lexer_fail(l, l->from, "this text has no end: close it with ']%.*s]'", level > 8 ? 8 : level, "========");
}

static int hex_digit(unsigned char c) { return isdigit(c) ? c - '0' : isxdigit(c) ? (c | 32) - 'a' + 10 : -1; }

/* \u{XXX}: *at stands on the u. Bytes go to out. */
static size_t read_code_point(lexer *l, int *at, char *out) {
	uint32_t code = 0;
	int i = *at + 2, digits = 0;
	for (; hex_digit(byte(l, i)) >= 0 && code < 0x110000; i++, digits++)
		code = code * 16 + (uint32_t)hex_digit(byte(l, i));
	if (byte(l, *at + 1) != '{' || byte(l, i) != '}' || !digits || code > 0x10FFFF ||
	    (code >= 0xD800 && code < 0xE000)) {
		lexer_fail(l, *at - 1, "write a character as \\u{1F600}");
		return 0;
	}
	*at = i;
	return utf8_encode(code, out);
}

/* An escape whose letter stands at *at; *at ends on its last byte. Returns how many bytes went to out (≤ 4). */
static size_t read_escape(lexer *l, int *at, char *out) {
	static const char letters[] = "abfnrtv\\\"'\n", meanings[] = "\a\b\f\n\r\t\v\\\"'\n";
	unsigned char c = byte(l, *at);
	const char *known = c ? strchr(letters, c) : NULL;
	if (known) {
		*out = meanings[known - letters];
		return 1;
	}
	if (c == 'z') {
		while (isspace(byte(l, *at + 1)))
			++*at;
		return 0;
	}
	if (c == 'x' && hex_digit(byte(l, *at + 1)) >= 0 && hex_digit(byte(l, *at + 2)) >= 0) {
		*out = (char)(hex_digit(byte(l, *at + 1)) * 16 + hex_digit(byte(l, *at + 2)));
		*at += 2;
		return 1;
	}
	if (c == 'u')
		return read_code_point(l, at, out);
	int code = 0, digits = 0;
	for (; digits < 3 && isdigit(byte(l, *at + digits)); digits++)
		code = code * 10 + byte(l, *at + digits) - '0';
	if (!digits || code > 255) {
		lexer_fail(l, *at - 1, "there is no escape '\\%c' in Lua; write a backslash as \\\\", isprint(c) ? c : '?');
		return 0;
	}
	*at += digits - 1;
	*out = (char)code;
	return 1;
}

static void read_text(lexer *l) {
	unsigned char mark = byte(l, l->from);
	int at = l->from + 1;
	while ((size_t)at < l->c->source.n && byte(l, at) != mark)
		at += byte(l, at) == '\\' ? 2 : 1;
	char *out = arena_alloc(l->memory, (size_t)(at - l->from) + 4); /* no escape grows */
	if (!out) {
		fail_memory(l);
		return;
	}
	size_t n = 0;
	for (at = l->from + 1; !l->status && byte(l, at) != mark; at++) {
		if ((size_t)at >= l->c->source.n || byte(l, at) == '\n') {
			lexer_fail(l, l->from, "this text has no end: close it with %c", mark);
		} else if (byte(l, at) == '\\' && l->pattern) {
			at++;
			if (byte(l, at) != mark)
				out[n++] = '\\';
			out[n++] = (char)byte(l, at);
		} else if (byte(l, at) == '\\') {
			at++;
			n += read_escape(l, &at, out + n);
		} else {
			out[n++] = (char)byte(l, at);
		}
	}
	if (l->status)
		return;
	l->text = (str){out, n};
	l->next = at + 1;
	l->token = TOKEN_TEXT;
}

static void read_word(lexer *l) {
	static const struct {
		const char *word;
		int token;
	} words[] = {{"and", TOKEN_AND}, {"or", TOKEN_OR},     {"not", TOKEN_NOT},
	             {"nil", TOKEN_NIL}, {"true", TOKEN_TRUE}, {"false", TOKEN_FALSE}};
	int at = l->from;
	while (is_name(byte(l, at)) && !is_curly(l, at))
		at++;
	l->text = (str){l->c->source.p + l->from, (size_t)(at - l->from)};
	l->next = at;
	l->token = TOKEN_NAME;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_is(l->text, words[i].word))
			l->token = words[i].token;
}

static void read_operator(lexer *l) {
	static const struct {
		char text[3];
		int token;
		const char *help;
	} pairs[] = {{"==", TOKEN_EQ, NULL},
	             {"~=", TOKEN_NE, NULL},
	             {"<=", TOKEN_LE, NULL},
	             {">=", TOKEN_GE, NULL},
	             {"//", TOKEN_FLOOR_DIVIDE, NULL},
	             {"..", TOKEN_JOIN, NULL},
	             {"!=", 0, "'!=' is written '~=' here"},
	             {"<>", 0, "'<>' is written '~=' here"},
	             {"&&", 0, "'&&' is written 'and' here"},
	             {"||", 0, "'||' is written 'or' here"},
	             {"=>", 0, "'=>' is written '>=' here"},
	             {"=<", 0, "'=<' is written '<=' here"}};
	unsigned char a = byte(l, l->from), b = byte(l, l->from + 1);
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (a == (unsigned char)pairs[i].text[0] && b == (unsigned char)pairs[i].text[1]) {
			if (pairs[i].help) {
				lexer_fail(l, l->from, "%s", pairs[i].help);
				return;
			}
			l->token = pairs[i].token;
			l->next = l->from + 2;
			return;
		}
	l->token = a;
	l->next = l->from + 1;
	if (a == '=')
		lexer_fail(l, l->from, "'=' does not compare; use == to compare");
	else if (a == '!')
		lexer_fail(l, l->from, "'!' is written 'not' here");
	else if (a == '&' || a == '|' || a == '~' || a == '#')
		lexer_fail(l, l->from, "'%c' has no meaning in a condition; use and, or, not", a);
	else if (!a || !strchr("<>+-*/%^()[]{},.", a))
		lexer_fail(l, l->from,
		           isprint(a) ? "'%c' has no meaning in a condition" : "a stray character (byte %d) stands here", a);
}

/* Spaces and Lua comments. */
static void skip_blank(lexer *l) {
	while (isspace(byte(l, l->next)) || (byte(l, l->next) == '-' && byte(l, l->next + 1) == '-'))
		if (byte(l, l->next) == '-')
			while ((size_t)l->next < l->c->source.n && byte(l, l->next) != '\n')
				l->next++;
		else
			l->next++;
}

void lexer_step(lexer *l) {
	if (l->status)
		return;
	l->before = l->next;
	skip_blank(l);
	l->from = l->next;
	unsigned char c = byte(l, l->from);
	if ((size_t)l->from >= l->c->source.n)
		l->token = TOKEN_END;
	else if (isdigit(c) || (c == '.' && isdigit(byte(l, l->from + 1))))
		read_number(l);
	else if (is_curly(l, l->from))
		lexer_fail(l, l->from, "use straight quotes: \" or '");
	else if (is_name(c))
		read_word(l);
	else if (c == '"' || c == '\'')
		read_text(l);
	else if (c == '[' && long_level(l, l->from) >= 0)
		read_long(l, long_level(l, l->from));
	else
		read_operator(l);
}
