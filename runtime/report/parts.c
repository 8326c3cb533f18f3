/* parts.c: quick appends for the hot path: a million creators are rendered in about a second, so that plain
 * strings are copied whole. */
#include "report/parts.h"

#include <math.h>
#include <stdint.h>

#include "base/json.h"

#define ONES 0x0101010101010101ULL
#define HIGHS 0x8080808080808080ULL

static uint64_t has_byte(uint64_t word, unsigned char c) {
	uint64_t x = word ^ ONES * c;
	return (x - ONES) & ~x & HIGHS;
}

/* Eight bytes at once: none is a control character, a quote, a backslash, DEL or beyond ASCII. */
static bool plain_word(uint64_t w) {
	uint64_t control = (w - ONES * 0x20) & ~w & HIGHS;
	return !((w & HIGHS) | control | has_byte(w, '"') | has_byte(w, '\\') | has_byte(w, 0x7f));
}

static bool plain_byte(unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

static bool all_plain(str s) {
	size_t i = 0;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t w;
		memcpy(&w, s.p + i, 8);
		if (!plain_word(w))
			return false;
	}
	for (; i < s.n; i++)
		if (!plain_byte((unsigned char)s.p[i]))
			return false;
	return true;
}

void part_string(buffer *out, str s) {
	if (!s.p || !all_plain(s)) {
		json_string(out, s);
		return;
	}
	if (!buffer_reserve(out, s.n + 2))
		return;
	char *p = out->p + out->n;
	*p++ = '"';
	memcpy(p, s.p, s.n);
	p[s.n] = '"';
	out->n += s.n + 2;
}

void part_number(buffer *out, double v) {
	if (isfinite(v))
		buffer_digits(out, v);
	else
		buffer_add(out, "null", 4);
}

void part_points(buffer *out, double v) {
	if (isfinite(v))
		buffer_fixed(out, v, 2);
	else
		buffer_add(out, "null", 4);
}
