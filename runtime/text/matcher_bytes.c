/* matcher_bytes.c: where in a text one of some literals may begin that stand inside words, which nothing else gives
 * away. Looks each of four bytes up by its two halves, 32 places at a time where the processor can. */
#include "text/matcher_index.h"

void fingerprints_add(fingerprints *f, unsigned group, const char *bytes, size_t n) {
	uint8_t bit = (uint8_t)(1u << group);
	for (size_t k = 0; k < 4; k++)
		for (unsigned c = 0; c < 256; c++) /* behind a short anchor any byte may follow */
			if (k >= n || c == (unsigned char)bytes[k]) {
				f->low[k][c & 15] |= bit;
				f->high[k][c >> 4] |= bit;
			}
#if defined __x86_64__
	f->wide = __builtin_cpu_supports("avx2");
#endif
}

#if defined __x86_64__
#include <immintrin.h>

/* Reads 35 bytes. */
__attribute__((target("avx2"))) static uint32_t find_32(const fingerprints *f, const char *p) {
	const __m256i half = _mm256_set1_epi8(15);
	__m256i groups = _mm256_set1_epi8(-1);
	for (int k = 0; k < 4; k++) {
		__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(p + k));
		__m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)f->low[k]));
		__m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)f->high[k]));
		groups = _mm256_and_si256(groups, _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)));
		bytes = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
		groups = _mm256_and_si256(groups, _mm256_shuffle_epi8(high, bytes));
	}
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
}

__attribute__((target("avx2"))) static uint64_t find_wide(const fingerprints *f, const char *p, size_t left) {
	uint64_t first = find_32(f, p);
	return left > 32 ? first | (uint64_t)find_32(f, p + 32) << 32 : first;
}
#else
static uint64_t find_wide(const fingerprints *f, const char *p, size_t left) {
	(void)f, (void)p, (void)left;
	return ~(uint64_t)0;
}
#endif

uint64_t fingerprints_find(const fingerprints *f, const char *p, size_t left) {
	if (f->wide)
		return find_wide(f, p, left);
	uint64_t found = 0;
	for (size_t i = 0; i < 64 && i < left; i++) {
		unsigned groups = 0xFF;
		for (size_t k = 0; k < 4; k++)
			groups &= f->low[k][p[i + k] & 15] & f->high[k][(unsigned char)p[i + k] >> 4];
		found |= (uint64_t)(groups != 0) << i;
	}
	return found;
}
