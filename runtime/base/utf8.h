/* utf8.h: just enough UTF-8 to be safe with hostile bytes. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

#include "base/str.h"

/* Decodes one character at p (n > 0 bytes); returns its length, 1 and *c = 0xFFFD for an invalid byte. */
size_t utf8_decode(const char *p, size_t n, uint32_t *c);
size_t utf8_encode(uint32_t c, char out[static 4]);
bool utf8_valid(str s);
size_t utf8_length(str s); /* in characters */
/* The longest prefix of s with at most n bytes that ends at a character's border. */
size_t utf8_cut(str s, size_t n);

#endif
