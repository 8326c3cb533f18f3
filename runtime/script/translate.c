/* translate.c: a Lua pattern in PCRE2's words. Sets become explicit ranges of bytes, so that both mean the same
 * whatever the locale; %b becomes a recursive group, defined behind the pattern so that captures keep their numbers.
 * Calls no Lua. */
#include <ctype.h>

#include "base/buffer.h"
#include "script/patterns.h"

#define CAPTURES_MOST 32 /* Lua's own bound */
#define BALANCED_MOST 16

typedef struct byte_set {
	bool has[256];
} byte_set;

static bool in_class(unsigned char byte, unsigned char class) {
	bool ascii = byte < 128, is;
	switch (tolower(class)) {
	case 'a': is = ascii && isalpha(byte); break;
	case 'c': is = ascii && iscntrl(byte); break;
	case 'd': is = ascii && isdigit(byte); break;
	case 'g': is = ascii && isgraph(byte); break;
	case 'l': is = ascii && islower(byte); break;
	case 'p': is = ascii && ispunct(byte); break;
	case 's': is = ascii && isspace(byte); break;
	case 'u': is = ascii && isupper(byte); break;
	case 'w': is = ascii && isalnum(byte); break;
	case 'x': is = ascii && isxdigit(byte); break;
	case 'z': is = byte == 0; break;
	default: return byte == class;
	}
	return is != (bool)isupper(class);
}

static void add_class(byte_set *set, unsigned char class) {
	for (int i = 0; i < 256; i++)
		set->has[i] |= in_class((unsigned char)i, class);
}

/* Reads [ … ] at p[i]; returns the place behind it, 0 where it does not end. */
static size_t read_set(str p, size_t i, byte_set *set) {
	bool negated = ++i < p.n && p.p[i] == '^';
	*set = (byte_set){{0}};
	i += negated;
	for (bool first = true; i < p.n && (p.p[i] != ']' || first); i++, first = false) {
		unsigned char low = (unsigned char)p.p[i];
		if (low == '%' && i + 1 < p.n) {
			add_class(set, (unsigned char)p.p[++i]);
		} else if (i + 2 < p.n && p.p[i + 1] == '-' && p.p[i + 2] != ']') {
			for (int c = low; c <= (unsigned char)p.p[i + 2]; c++)
				set->has[c] = true;
			i += 2;
		} else {
			set->has[low] = true;
		}
	}
	for (int c = 0; negated && c < 256; c++)
		set->has[c] = !set->has[c];
	return i < p.n ? i + 1 : 0;
}

static void write_set(buffer *b, const byte_set *set) {
	bool any = false;
	size_t before = b->n;
	buffer_char(b, '[');
	for (int c = 0; c < 256; c++) {
		if (!set->has[c])
			continue;
		int low = c;
		while (c < 255 && set->has[c + 1])
			c++;
		buffer_printf(b, low == c ? "\\x{%02x}" : "\\x{%02x}-\\x{%02x}", (unsigned)low, (unsigned)c);
		any = true;
	}
	buffer_char(b, ']');
	if (any || b->failed)
		return;
	b->n = before; /* nothing is in it */
	buffer_z(b, "[^\\x{00}-\\x{ff}]");
}

/* The border between a byte outside and one inside the set; before the text's start and behind its end stands a zero.
 */
static void write_frontier(buffer *b, byte_set *set) {
	bool zero = set->has[0];
	buffer_z(b, zero ? "(?:\\z|(?=" : "(?:(?=");
	write_set(b, set);
	buffer_z(b, "))");
	for (int c = 0; zero && c < 256; c++)
		set->has[c] = !set->has[c];
	buffer_z(b, zero ? "(?<=" : "(?<!");
	write_set(b, set);
	buffer_char(b, ')');
}

typedef struct writing {
	buffer *b;
	str p;
	size_t i;
	translated *out;
	int open[CAPTURES_MOST], open_count;
	bool closed[CAPTURES_MOST + 1];
	char pairs[BALANCED_MOST][2]; /* of %b */
	int pair_count;
} writing;

static const char *write_capture(writing *w) {
	if (w->p.p[w->i] == '(') {
		if (w->out->captures == CAPTURES_MOST)
			return "it has more than 32 captures";
		w->out->captures++;
		buffer_char(w->b, '(');
		w->i++;
		if (w->i < w->p.n && w->p.p[w->i] == ')') {
			w->out->positions |= 1u << (w->out->captures - 1);
			w->closed[w->out->captures] = true;
			buffer_char(w->b, ')');
			w->i++;
		} else {
			w->open[w->open_count++] = w->out->captures;
		}
		return NULL;
	}
	if (!w->open_count)
		return "a ) closes nothing";
	w->closed[w->open[--w->open_count]] = true;
	buffer_char(w->b, ')');
	w->i++;
	return NULL;
}

/* %b %f %1, which take no repetition; *taken: it was one of them. */
static const char *write_special(writing *w, bool *taken) {
	char c = w->p.p[w->i + 1];
	*taken = true;
	if (c == 'b') {
		if (w->i + 3 >= w->p.n)
			return "%b needs two characters behind it";
		if (w->pair_count == BALANCED_MOST)
			return "it has more than 16 %b";
		buffer_printf(w->b, "(?&b%d)", w->pair_count);
		memcpy(w->pairs[w->pair_count++], w->p.p + w->i + 2, 2);
		w->i += 4;
	} else if (c == 'f') {
		byte_set set;
		size_t behind = w->i + 2 < w->p.n && w->p.p[w->i + 2] == '[' ? read_set(w->p, w->i + 2, &set) : 0;
		if (!behind)
			return "%f needs a set [ … ] behind it";
		write_frontier(w->b, &set);
		w->i = behind;
	} else if (isdigit((unsigned char)c)) {
		if (c == '0' || !w->closed[c - '0'])
			return "it refers to a capture that is not there yet";
		buffer_printf(w->b, "\\g{%c}", c);
		w->i += 2;
	} else {
		*taken = false;
	}
	return NULL;
}

/* One byte or set, and how often. */
static const char *write_single(writing *w) {
	byte_set set = {{0}};
	char c = w->p.p[w->i];
	if (c == '[') {
		w->i = read_set(w->p, w->i, &set);
		if (!w->i)
			return "a set [ … ] does not end";
		write_set(w->b, &set);
	} else if (c == '%') {
		add_class(&set, (unsigned char)w->p.p[w->i + 1]);
		write_set(w->b, &set);
		w->i += 2;
	} else {
		if (c == '.')
			buffer_char(w->b, '.');
		else
			buffer_printf(w->b, "\\x{%02x}", (unsigned)(unsigned char)c);
		w->i++;
	}
	char often = w->i < w->p.n ? w->p.p[w->i] : 0;
	if (often && strchr("*+?-", often)) {
		buffer_z(w->b, often == '-' ? "*?" : (char[]){often, 0});
		w->i++;
	}
	return NULL;
}

static void write_pairs(writing *w) {
	for (int i = 0; i < w->pair_count; i++) {
		byte_set inside = {{0}};
		unsigned x = (unsigned char)w->pairs[i][0], y = (unsigned char)w->pairs[i][1];
		for (unsigned c = 0; c < 256; c++)
			inside.has[c] = c != x && c != y;
		buffer_printf(w->b, "(?(DEFINE)(?<b%d>\\x{%02x}(?:", i, x);
		write_set(w->b, &inside);
		buffer_z(w->b, "++");
		if (x != y)
			buffer_printf(w->b, "|(?&b%d)", i);
		buffer_printf(w->b, ")*+\\x{%02x}))", y);
	}
}

const char *pattern_translate(buffer *b, str pattern, bool literal_caret, translated *out) {
	writing w = {.b = b, .p = pattern, .out = out};
	*out = (translated){0};
	buffer_z(b, "(?s)");
	w.i = pattern.n && pattern.p[0] == '^' && !literal_caret;
	while (w.i < pattern.n) {
		char c = pattern.p[w.i];
		const char *wrong = NULL;
		bool taken = false;
		if (c == '$' && w.i + 1 == pattern.n) {
			buffer_z(b, "\\z");
			break;
		}
		if (c == '%' && w.i + 1 == pattern.n)
			return "it ends in %";
		if (c == '%')
			wrong = write_special(&w, &taken);
		if (!wrong && !taken)
			wrong = c == '(' || c == ')' ? write_capture(&w) : write_single(&w);
		if (wrong)
			return wrong;
	}
	if (w.open_count)
		return "a ( is not closed";
	write_pairs(&w);
	return NULL;
}
