/* buffer.h: bytes that grow. A failed allocation is remembered in `failed`; check once at the end. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/str.h"

typedef struct buffer {
	char *p;
	size_t n, capacity;
	bool failed;
} buffer;

bool buffer_grow(buffer *b, size_t more); /* the slow half of buffer_reserve */

/* Room for `more` bytes behind n. */
static inline bool buffer_reserve(buffer *b, size_t more) { return b->capacity - b->n >= more || buffer_grow(b, more); }

static inline void buffer_add(buffer *b, const char *p, size_t n) {
	if (n && buffer_reserve(b, n)) {
		memcpy(b->p + b->n, p, n);
		b->n += n;
	}
}

static inline void buffer_str(buffer *b, str s) { buffer_add(b, s.p, s.n); }
static inline void buffer_z(buffer *b, const char *z) { buffer_add(b, z, strlen(z)); }

static inline void buffer_char(buffer *b, char c) {
	if (buffer_reserve(b, 1))
		b->p[b->n++] = c;
}

void buffer_printf(buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_int(buffer *b, long long v);
/* The shortest decimal text that reads back as the same double; integers without a point. */
void buffer_number(buffer *b, double v);
/* v rounded to at most `decimals` (0–19) places, without trailing zeros: what printf's %.*f says, much faster for
 * numbers between 1e-9 and 1e9. */
void buffer_fixed(buffer *b, double v, int decimals);
/* v with 15 significant digits at most: what people and sheets compare. Not always the same double when read back. */
void buffer_digits(buffer *b, double v);
const char *buffer_text(buffer *b); /* NUL-terminated; NULL when failed */
void buffer_clear(buffer *b);       /* keeps the memory */
void buffer_free(buffer *b);

#endif
