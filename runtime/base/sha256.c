/* sha256.c: fingerprints, by libmd. */
#include "base/sha256.h"

#include <stdint.h>

void sha256_begin(sha256 *h) { SHA256Init(h); }

void sha256_add(sha256 *h, const void *p, size_t n) { SHA256Update(h, p, n); }

void sha256_str(sha256 *h, str s) {
	uint64_t n = s.p ? s.n : UINT64_MAX;
	unsigned char length[8];
	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)(n >> (8 * i));
	SHA256Update(h, length, sizeof length);
	if (s.n)
		SHA256Update(h, (const uint8_t *)s.p, s.n);
}

void sha256_end(sha256 *h, char out[static 72]) {
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA256Final(digest, h);
	memcpy(out, "sha256:", 7);
	for (size_t i = 0; i < sizeof digest; i++) {
		out[7 + 2 * i] = hex[digest[i] >> 4];
		out[8 + 2 * i] = hex[digest[i] & 15];
	}
	out[71] = 0;
}
