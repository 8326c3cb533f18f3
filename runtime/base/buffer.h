/* buffer.h: bytes that grow. A failed allocation is remembered in `failed`; check once at the end. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/str.h"

typedef struct buffer {
	char *p;
	size_t n, capacity;
	bool failed;
} buffer;

bool buffer_reserve(buffer *b, size_t more); /* room for `more` bytes behind n */
void buffer_add(buffer *b, const char *p, size_t n);
void buffer_str(buffer *b, str s);
void buffer_z(buffer *b, const char *z);
void buffer_char(buffer *b, char c);
void buffer_printf(buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_int(buffer *b, long long v);
/* The shortest decimal text that reads back as the same double; integers without a point. */
void buffer_number(buffer *b, double v);
const char *buffer_text(buffer *b); /* NUL-terminated; NULL when failed */
void buffer_clear(buffer *b);       /* keeps the memory */
void buffer_free(buffer *b);

#endif
