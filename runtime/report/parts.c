/* parts.c: quick appends for the hot path: a million creators are rendered in about a second, so that plain
 * strings are copied whole and decimal numbers are written without printf. */
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

/* units / 10^decimals, with exactly that many decimals. */
static void decimal(buffer *out, long long units, int decimals) {
	char digits[32];
	int at = (int)sizeof digits, n = 0;
	bool negative = units < 0;
	unsigned long long u = negative ? 0ULL - (unsigned long long)units : (unsigned long long)units;
	while (u || n <= decimals) {
		if (n == decimals && decimals)
			digits[--at] = '.';
		digits[--at] = (char)('0' + u % 10);
		u /= 10;
		n++;
	}
	if (negative)
		digits[--at] = '-';
	buffer_add(out, digits + at, sizeof digits - (size_t)at);
}

void part_number(buffer *out, double v) {
	static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
	double size = fabs(v);
	if (!(size >= 1e-4 && size < 1e9)) {
		json_number(out, v);
		return;
	}
	/* A quotient of two integers that doubles hold exactly is rounded as the decimal text would be when read, so
	 * that the first number of decimals that gives v back is the shortest text. */
	for (int decimals = 0; decimals < 10 && size * tens[decimals] < 1e15; decimals++) {
		long long units = llround(v * tens[decimals]);
		if ((double)units / tens[decimals] == v) {
			decimal(out, units, decimals);
			return;
		}
	}
	json_number(out, v);
}

void part_points(buffer *out, double v) {
	if (isfinite(v))
		part_number(out, (double)llround(v * 100) / 100);
	else
		buffer_add(out, "null", 4);
}
