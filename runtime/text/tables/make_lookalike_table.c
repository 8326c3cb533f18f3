/* make_lookalike_table.c: writes build/gen/lookalike_table.h to standard output when kolander is built: for each
 * character that can be left after folding, the small ASCII letter or digit that it looks like. From ICU's data of UTS
 * #39, in which characters that are confused have one skeleton, and short lists of our own. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "text/fold_rare.h"

enum { END = 0x20000, PAGE = 64, SKELETON = 32 };

static USpoofChecker *checker;
static char looks[END];
static UChar ascii[128][SKELETON]; /* skeletons */

/* Characters that UTS #39 does not count as confusable, or only with each other, and that are used as letters. Some
 * look like the letter only as a capital does, or turned round. */
static const struct {
	uint32_t c;
	char like;
} own[] = {
    /* small capitals; those of c, o, u, v, w and z are in UTS #39 */
    {0x1D00, 'a'},
    {0x299, 'b'},
    {0x1D05, 'd'},
    {0x1D07, 'e'},
    {0xA730, 'f'},
    {0x262, 'g'},
    {0x29C, 'h'},
    {0x26A, 'i'},
    {0x1D0A, 'j'},
    {0x1D0B, 'k'},
    {0x29F, 'l'},
    {0x1D0D, 'm'},
    {0x274, 'n'},
    {0x1D18, 'p'},
    {0x280, 'r'},
    {0xA731, 's'},
    {0x1D1B, 't'},
    {0x28F, 'y'},
    /* Cyrillic: ve, ka, em, en, te as capitals; i, pe, sha, ghe, soft sign, ya as they are, or turned */
    {0x432, 'b'},
    {0x43A, 'k'},
    {0x43C, 'm'},
    {0x43D, 'h'},
    {0x442, 't'},
    {0x438, 'n'},
    {0x43F, 'n'},
    {0x448, 'w'},
    {0x433, 'r'},
    {0x44C, 'b'},
    {0x44F, 'r'},
    /* Greek: alpha, beta, epsilon, eta, kappa, mu, tau, upsilon, omega; pi */
    {0x3B1, 'a'},
    {0x3B2, 'b'},
    {0x3B5, 'e'},
    {0x3B7, 'h'},
    {0x3BA, 'k'},
    {0x3BC, 'u'},
    {0x3C4, 't'},
    {0x3C5, 'u'},
    {0x3C9, 'w'},
    {0x3C0, 'n'},
    /* letters with a stroke */
    {0xF8, 'o'},
    {0x111, 'd'},
    {0x127, 'h'},
    {0x142, 'l'},
    {0x167, 't'},
    {0x180, 'b'},
};

static void stop(const char *what) {
	fprintf(stderr, "make_lookalike_table: %s\n", what);
	exit(1);
}

static void skeleton(UChar32 c, UChar out[static SKELETON]) {
	UErrorCode err = U_ZERO_ERROR;
	UChar text[3] = {0};
	int32_t n = 0;
	u_strFromUTF32(text, 3, &n, &c, 1, &err);
	n = uspoof_getSkeleton(checker, 0, text, n, out, SKELETON, &err);
	if (U_FAILURE(err) || n >= SKELETON)
		out[0] = 0;
}

/* Letters first: what looks like l, I or 1 is an l. */
static char like_of(UChar32 c) {
	static const char order[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	UChar s[SKELETON];
	skeleton(c, s);
	if (!s[0])
		return 0;
	for (const char *p = order; *p; p++)
		if (u_strcmp(s, ascii[(int)*p]) == 0)
			return (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	return 0;
}

static bool stays(uint32_t c) {
	uint32_t to[FOLD_ONE], spare[FOLD_ONE];
	size_t n = fold_compose(to, (size_t)fold_one(c, to), spare);
	return n == 1 && to[0] == c;
}

/* Scripts whose characters stand for syllables or words are not taken for letters. */
static bool is_letter(uint32_t c) {
	return (u_isalpha((UChar32)c) || u_charType((UChar32)c) == U_DECIMAL_DIGIT_NUMBER) &&
	       !u_hasBinaryProperty((UChar32)c, UCHAR_IDEOGRAPHIC) && !(c >= 0x1100 && c < 0x1200) &&
	       !(c >= 0x2E80 && c < 0xA4D0) && !(c >= 0xAC00 && c < 0xD800);
}

static void find_all(void) {
	for (int c = 0; c < 128; c++)
		skeleton(c, ascii[c]);
	for (uint32_t c = 0x80; c < END; c++) {
		if ((c >= 0xD800 && c < 0xE000) || !is_letter(c) || !stays(c))
			continue;
		looks[c] = like_of((UChar32)c);
		if (!looks[c] && u_toupper((UChar32)c) != (UChar32)c)
			looks[c] = like_of(u_toupper((UChar32)c));
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		looks[own[i].c] = own[i].like;
	/* White letters on black circles and squares */
	for (int i = 0; i < 26; i++)
		looks[0x1F150 + i] = looks[0x1F170 + i] = (char)('a' + i);
}

static void print_all(void) {
	static unsigned first[END / PAGE], page[END / PAGE];
	unsigned pages = 0;
	for (unsigned i = 0; i < END / PAGE; i++) {
		unsigned k = 0;
		while (k < pages && memcmp(looks + i * PAGE, looks + first[k] * PAGE, PAGE) != 0)
			k++;
		if (k == pages)
			first[pages++] = i;
		page[i] = k;
	}
	printf("/* made by make_lookalike_table.c */\nenum { LOOKALIKE_END = %d };\n", END);
	printf("static const uint8_t lookalike_index[] = {");
	for (unsigned i = 0; i < END / PAGE; i++)
		printf("%s%u,", i % 24 ? "" : "\n", page[i]);
	printf("};\nstatic const char lookalike_pages[][%d] = {", PAGE);
	for (unsigned k = 0; k < pages; k++) {
		printf("\n{");
		for (int i = 0; i < PAGE; i++)
			printf("%d,", looks[first[k] * PAGE + (unsigned)i]);
		printf("},");
	}
	printf("};\n");
	if (pages > 256)
		stop("too many pages");
}

int main(void) {
	UErrorCode err = U_ZERO_ERROR;
	checker = uspoof_open(&err);
	if (U_FAILURE(err))
		stop(u_errorName(err));
	find_all();
	print_all();
	uspoof_close(checker);
	return ferror(stdout) || fflush(stdout) != 0;
}
