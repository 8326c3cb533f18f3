/* buffer.c: bytes that grow. */
#include "base/buffer.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

bool buffer_grow(buffer *b, size_t more) {
	if (b->failed)
		return false;
	size_t want = b->capacity ? b->capacity : 256;
	while (want - b->n < more) {
		if (want > SIZE_MAX / 2) {
			b->failed = true;
			return false;
		}
		want *= 2;
	}
	char *grown = realloc(b->p, want);
	if (!grown) {
		b->failed = true;
		return false;
	}
	b->p = grown;
	b->capacity = want;
	return true;
}

void buffer_printf(buffer *b, const char *format, ...) {
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n >= 0 && buffer_reserve(b, (size_t)n + 1)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buffer_int(buffer *b, long long v) {
	char digits[24];
	int at = (int)sizeof digits;
	unsigned long long u = v < 0 ? 0ULL - (unsigned long long)v : (unsigned long long)v;
	do
		digits[--at] = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		digits[--at] = '-';
	buffer_add(b, digits + at, sizeof digits - (size_t)at);
}

void buffer_number(buffer *b, double v) {
	if (v >= -9007199254740992.0 && v <= 9007199254740992.0 && v == floor(v)) {
		buffer_int(b, (long long)v);
		return;
	}
	char text[32];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buffer_z(b, text);
}

/* units / 10^decimals, trailing zeros left out. */
static void add_decimal(buffer *b, uint64_t units, int decimals, bool negative) {
	char digits[32];
	int at = (int)sizeof digits, n = 0;
	for (; decimals > 0 && units % 10 == 0; decimals--)
		units /= 10;
	negative = negative && units;
	while (units || n <= decimals) {
		if (n == decimals && decimals)
			digits[--at] = '.';
		digits[--at] = (char)('0' + units % 10);
		units /= 10;
		n++;
	}
	if (negative)
		digits[--at] = '-';
	buffer_add(b, digits + at, sizeof digits - (size_t)at);
}

/* round(v * 10^decimals), ties to even, exactly: v is m * 2^-shift with m below 2^53. False where that does not fit. */
static bool scale(double v, int decimals, uint64_t *units) {
	static const uint64_t tens[] = {1,
	                                10,
	                                100,
	                                1000,
	                                10000,
	                                100000,
	                                1000000,
	                                10000000,
	                                100000000,
	                                1000000000,
	                                10000000000,
	                                100000000000,
	                                1000000000000,
	                                10000000000000,
	                                100000000000000,
	                                1000000000000000,
	                                10000000000000000,
	                                100000000000000000,
	                                1000000000000000000,
	                                10000000000000000000U};
	int exponent;
	double fraction = frexp(v, &exponent); /* in [0.5, 1) */
	int shift = 53 - exponent;
	if (shift < 1 || shift > 120 || decimals < 0 || decimals > 19)
		return false;
	unsigned __int128 product = (unsigned __int128)(uint64_t)ldexp(fraction, 53) * tens[decimals];
	unsigned __int128 whole = product >> shift, half = (unsigned __int128)1 << (shift - 1);
	unsigned __int128 rest = product & (((unsigned __int128)1 << shift) - 1);
	whole += rest > half || (rest == half && (whole & 1));
	*units = (uint64_t)whole;
	return whole <= UINT64_MAX;
}

void buffer_fixed(buffer *b, double v, int decimals) {
	uint64_t units;
	if (fabs(v) < 1e15 && v == floor(v)) {
		buffer_int(b, (long long)v);
		return;
	}
	if ((fabs(v) >= 1e-9 && fabs(v) < 1e9 && scale(fabs(v), decimals, &units))) {
		add_decimal(b, units, decimals, v < 0);
		return;
	}
	char text[400];
	int n = snprintf(text, sizeof text, "%.*f", decimals, v);
	while (decimals > 0 && text[n - 1] == '0')
		n--;
	n -= text[n - 1] == '.';
	buffer_add(b, text, (size_t)n);
}

void buffer_digits(buffer *b, double v) {
	static const double limits[] = {1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
	double size = fabs(v);
	if (size >= 1e-4 && size < 1e9) {
		int above = 0; /* limits[above] ≤ size */
		while (above < 12 && size >= limits[above + 1])
			above++;
		buffer_fixed(b, v, 18 - above);
		return;
	}
	if (size < 1e15 && v == floor(v)) {
		buffer_int(b, (long long)v);
		return;
	}
	char text[32];
	snprintf(text, sizeof text, "%.15g", v);
	buffer_z(b, text);
}

const char *buffer_text(buffer *b) {
	if (!buffer_reserve(b, 1))
		return NULL;
	b->p[b->n] = 0;
	return b->p;
}

void buffer_clear(buffer *b) {
	b->n = 0;
	b->failed = false;
}

void buffer_free(buffer *b) {
	free(b->p);
	memset(b, 0, sizeof *b);
}
