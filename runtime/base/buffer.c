/* buffer.c: bytes that grow. */
#include "base/buffer.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

bool buffer_reserve(buffer *b, size_t more) {
	if (b->failed)
		return false;
	if (b->capacity - b->n >= more)
		return true;
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

void buffer_add(buffer *b, const char *p, size_t n) {
	if (n && buffer_reserve(b, n)) {
		memcpy(b->p + b->n, p, n);
		b->n += n;
	}
}

void buffer_str(buffer *b, str s) { buffer_add(b, s.p, s.n); }
void buffer_z(buffer *b, const char *z) { buffer_add(b, z, strlen(z)); }

void buffer_char(buffer *b, char c) {
	if (b->n < b->capacity || buffer_reserve(b, 1))
		b->p[b->n++] = c;
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
