/* fold_rare.c: folding spelled out: Unicode's toNFKC_Casefold (map each code point, then NFC) with this project's own
 * rules in front. Uses utf8proc. Knows nothing of texts, bitmaps or offsets. */
#include <string.h>
#include <utf8proc.h>

#include "text/fold_rare.h"

static unsigned combining_class(uint32_t c) {
	return (unsigned)utf8proc_get_property((utf8proc_int32_t)c)->combining_class;
}

/* Arabic is compared without its vowel marks and signs of recitation, and without the stretch of a line. */
static int is_arabic_vowel(uint32_t c) {
	return c == 0x640 || c == 0x670 || (c >= 0x64B && c <= 0x652) || (c >= 0x656 && c <= 0x65F) ||
	       (c >= 0x610 && c <= 0x61A) || (c >= 0x6D6 && c <= 0x6DC) || (c >= 0x6DF && c <= 0x6E4) || c == 0x6E7 ||
	       c == 0x6E8 || (c >= 0x6EA && c <= 0x6ED);
}

/* The project's own rules; c itself where there is none, 0 where c is dropped. */
static uint32_t own_rule(uint32_t c) {
	switch (c) {
	case 0xB4:   /* an acute accent that stands alone is typed for an apostrophe */
	case 0x2BB:  /* Uzbek and Hawaiian */
	case 0x2BC:  /* Ukrainian */
	case 0x2018: /* the curly ones */
	case 0x2019:
	case 0x201B: return '\'';
	case 0x2010:
	case 0x2011: return '-';
	case 0x622: /* alef with madda, hamza above and below, wasla, wavy hamza above and below */
	case 0x623:
	case 0x625:
	case 0x671:
	case 0x672:
	case 0x673: return 0x627;
	case 0x2800:
	case 0x3164: return 0;
	default: return is_arabic_vowel(c) ? 0 : c;
	}
}

int fold_one(uint32_t c, uint32_t out[static FOLD_ONE]) {
	out[0] = c;
	int n = 1;
	/* A code point that changes is looked at again, with what came of it, until all stand still. */
	for (int i = 0; i < n;) {
		utf8proc_int32_t to[FOLD_ONE];
		int boundary = 0, count = 1;
		to[0] = (utf8proc_int32_t)own_rule(out[i]);
		if (out[i] && !to[0])
			count = 0;
		else if (to[0] == (utf8proc_int32_t)out[i] && out[i] != 0x2122 && out[i] != 0x2120)
			count = (int)utf8proc_decompose_char(
			    (utf8proc_int32_t)out[i], to, FOLD_ONE,
			    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, &boundary);
		if (count < 0 || n - 1 + count > FOLD_ONE)
			return n; /* no character is so long */
		if (count == 1 && to[0] == (utf8proc_int32_t)out[i]) {
			i++;
			continue;
		}
		memmove(out + i + count, out + i + 1, (size_t)(n - i - 1) * sizeof *out);
		memcpy(out + i, to, (size_t)count * sizeof *out);
		n += count - 1;
	}
	return n;
}

/* Sorts marks by combining class, equal ones as they stood. */
static void order_marks(uint32_t *c, size_t n, uint32_t *spare) {
	if (n <= 16) {
		for (size_t i = 1; i < n; i++) {
			uint32_t mark = c[i];
			size_t k = i;
			for (; k > 0 && combining_class(c[k - 1]) > combining_class(mark); k--)
				c[k] = c[k - 1];
			c[k] = mark;
		}
		return;
	}
	size_t at[256] = {0}, sum = 0;
	for (size_t i = 0; i < n; i++)
		at[combining_class(c[i])]++;
	for (int k = 0; k < 256; k++) {
		size_t count = at[k];
		at[k] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		spare[at[combining_class(c[i])]++] = c[i];
	memcpy(c, spare, n * sizeof *c);
}

/* The dot of i and the hamza and madda of alef are no difference: "i" with a dot above is what others make of a
 * Turkish capital. */
static int is_swallowed(uint32_t base, uint32_t mark) {
	return base == 'i' ? mark == 0x307 : base == 0x627 && mark >= 0x653 && mark <= 0x655;
}

size_t fold_compose(uint32_t *c, size_t n, uint32_t *spare) {
	size_t kept = 0;
	uint32_t base = 0;
	for (size_t i = 0; i < n;) {
		size_t marks = i;
		while (marks < n && combining_class(c[marks]))
			marks++;
		order_marks(c + i, marks - i, spare);
		for (; i < marks; i++)
			if (!is_swallowed(base, c[i]))
				c[kept++] = c[i];
		if (i < n)
			c[kept++] = base = c[i++];
	}
	if (kept < 2)
		return kept;
	utf8proc_ssize_t left =
	    utf8proc_normalize_utf32((utf8proc_int32_t *)c, (utf8proc_ssize_t)kept, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	return left < 0 ? kept : (size_t)left;
}
