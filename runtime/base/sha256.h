/* sha256.h: fingerprints, by libmd. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <sha2.h>

#include "base/str.h"

typedef SHA2_CTX sha256;
void sha256_begin(sha256 *h);
void sha256_add(sha256 *h, const void *p, size_t n);
void sha256_str(sha256 *h, str s);               /* length first, so that ("ab","c") and ("a","bc") differ */
void sha256_end(sha256 *h, char out[static 72]); /* "sha256:" and 64 hex digits, NUL */

#endif
