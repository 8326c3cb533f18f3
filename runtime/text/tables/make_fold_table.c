/* make_fold_table.c: writes build/gen/fold_table.h to standard output when kolander is built: what each code point
 * becomes when it is folded, and what kind of character that is (see text/fold_kinds.h). What it becomes says
 * fold_rare.c; scripts and composition come from ICU, which only this program needs. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <utf8proc.h>

#include "text/fold.h"
#include "text/fold_rare.h"
#include "text/fold_kinds.h"

enum { CODE_POINTS = 0x110000, PAGE = 64, PAGES = CODE_POINTS / PAGE, MOST_SPECIALS = 0x10000, MOST_TEXT = 0x10000 };

static uint8_t first[CODE_POINTS], second[CODE_POINTS]; /* of a composition */
static uint32_t entries[CODE_POINTS];
static special specials[MOST_SPECIALS];
static unsigned special_count;
static char texts[MOST_TEXT];
static size_t text_count;
static uint8_t script_ids[USCRIPT_CODE_LIMIT];
static uint32_t pages[PAGES][PAGE];
static unsigned page_of[PAGES], page_count;
static const UNormalizer2 *nfc;

static void stop(const char *what) {
	fprintf(stderr, "make_fold_table: %s\n", what);
	exit(1);
}

static bool is_surrogate(uint32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

static utf8proc_category_t category_of(uint32_t c) { return utf8proc_category((utf8proc_int32_t)c); }

static unsigned order_of(uint32_t c) { return (unsigned)utf8proc_get_property((utf8proc_int32_t)c)->combining_class; }

/* ---- what Unicode says ---- */

static void find_compositions(void) {
	for (UChar32 c = 0; c < CODE_POINTS; c++) {
		UErrorCode err = U_ZERO_ERROR;
		UChar raw[32];
		UChar32 pair[2];
		int32_t n = unorm2_getRawDecomposition(nfc, c, raw, 32, &err);
		if (n <= 0 || U_FAILURE(err))
			continue;
		u_strToUTF32(pair, 2, &n, raw, n, &err);
		if (U_SUCCESS(err) && n == 2 && unorm2_composePair(nfc, pair[0], pair[1]) == c)
			first[pair[0]] = second[pair[1]] = 1;
	}
}

/* Characters that made of a base and marks may be taken apart and composed anew by a mark behind them. */
static bool is_open(uint32_t c) {
	UErrorCode err = U_ZERO_ERROR;
	UChar parts[32];
	return first[c] || (unorm2_getDecomposition(nfc, (UChar32)c, parts, 32, &err) > 0 && U_SUCCESS(err));
}

static uint8_t id_of(UScriptCode code) {
	static unsigned next = SCRIPT_OTHER + 1;
	switch (code) {
	case USCRIPT_LATIN: return SCRIPT_LATIN;
	case USCRIPT_CYRILLIC: return SCRIPT_CYRILLIC;
	case USCRIPT_GREEK: return SCRIPT_GREEK;
	case USCRIPT_ARABIC: return SCRIPT_ARABIC;
	case USCRIPT_HEBREW: return SCRIPT_HEBREW;
	case USCRIPT_DEVANAGARI: return SCRIPT_DEVANAGARI;
	case USCRIPT_HAN:
	case USCRIPT_BOPOMOFO: return SCRIPT_HAN;
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_KATAKANA_OR_HIRAGANA: return SCRIPT_KANA;
	case USCRIPT_HANGUL: return SCRIPT_HANGUL;
	case USCRIPT_THAI:
	case USCRIPT_LAO:
	case USCRIPT_KHMER:
	case USCRIPT_MYANMAR: return SCRIPT_THAI;
	case USCRIPT_COMMON:
	case USCRIPT_INHERITED:
	case USCRIPT_UNKNOWN: return SCRIPT_NONE;
	default: break;
	}
	if (!script_ids[code])
		script_ids[code] = (uint8_t)next++;
	if (next >= SCRIPT_NONE)
		stop("too many scripts");
	return script_ids[code];
}

static uint8_t script_of(uint32_t c) {
	UErrorCode err = U_ZERO_ERROR;
	/* Shared by Hiragana and Katakana, or Han: Unicode counts them as common to several scripts. */
	if (c == 0x30FC || c == 0xFF70 || c == 0x3099 || c == 0x309A || c == 0xFF9E || c == 0xFF9F || c == 0x303C ||
	    (c >= 0x3031 && c <= 0x3035))
		return SCRIPT_KANA;
	if (c == 0x3006 || (c >= 0x302A && c <= 0x302D))
		return SCRIPT_HAN;
	return id_of(uscript_getScript((UChar32)c, &err));
}

/* ---- kinds ---- */

static bool is_letter(uint32_t c) {
	utf8proc_category_t k = category_of(c);
	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) || k == UTF8PROC_CATEGORY_NL;
}

/* Enclosing signs, as of keycaps, are signs, not marks of a word. */
static bool is_mark(uint32_t c) {
	utf8proc_category_t k = category_of(c);
	return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC ||
	       (k == UTF8PROC_CATEGORY_ME && !(c >= 0x20DD && c <= 0x20E4));
}

static bool is_number(uint32_t c) {
	utf8proc_category_t k = category_of(c);
	return k == UTF8PROC_CATEGORY_ND || k == UTF8PROC_CATEGORY_NO;
}

static bool is_space(uint32_t c) {
	utf8proc_category_t k = category_of(c);
	return (k >= UTF8PROC_CATEGORY_ZS && k <= UTF8PROC_CATEGORY_ZP) || (c >= 9 && c <= 13) || c == 0x85;
}

static bool is_spaceless(uint32_t c) {
	uint8_t script = script_of(c);
	return script >= SCRIPT_HAN && script <= SCRIPT_THAI && (is_letter(c) || is_mark(c));
}

/* Thai and Lao vowels that are written behind their consonant (two of them come out of the vowel am) do not begin a
 * cluster. Vowels and finals of Hangul do: where they belong to a syllable, they were composed with it. */
static bool is_start(uint32_t c) {
	if (c == 0xE30 || c == 0xE32 || c == 0xE45 || c == 0xEB0 || c == 0xEB2)
		return false;
	unsigned k = utf8proc_get_property((utf8proc_int32_t)c)->boundclass;
	return k != UTF8PROC_BOUNDCLASS_EXTEND && k != UTF8PROC_BOUNDCLASS_SPACINGMARK && k != UTF8PROC_BOUNDCLASS_ZWJ;
}

static uint8_t kind_of(uint32_t c) {
	unsigned kind = is_open(c) ? KIND_OPEN : 0;
	if (is_spaceless(c))
		kind |= KIND_SPACELESS | (is_start(c) ? KIND_START : 0u);
	else if (is_letter(c) || is_mark(c) || is_number(c))
		kind |= KIND_WORD;
	else if (!is_space(c))
		kind |= KIND_SYMBOL;
	if (is_letter(c) && script_of(c) != SCRIPT_NONE)
		kind |= KIND_LETTER;
	if (c >= '0' && c <= '9')
		kind |= KIND_DIGIT;
	return (uint8_t)kind;
}

/* What must stay the same so that folding changes no border of words and no class of characters. The ordinal signs are
 * letters for Unicode, and signs for everybody else. */
static int rough_kind(uint32_t c) {
	if (c == 0xAA || c == 0xBA)
		return 0;
	return is_spaceless(c)                          ? 1
	       : is_letter(c) || is_mark(c)             ? 2
	       : category_of(c) == UTF8PROC_CATEGORY_ND ? 3
	       : is_number(c)                           ? 4
	       : is_space(c)                            ? 5
	                                                : 0;
}

/* ---- entries ---- */

static uint16_t add_text(const char *p, size_t n) {
	for (size_t at = 0; at + n <= text_count; at++)
		if (memcmp(texts + at, p, n) == 0)
			return (uint16_t)at;
	if (text_count + n > MOST_TEXT)
		stop("too many texts");
	memcpy(texts + text_count, p, n);
	text_count += n;
	return (uint16_t)(text_count - n);
}

static unsigned add_special(const special *s) {
	for (unsigned i = 1; i < special_count; i++)
		if (memcmp(&specials[i], s, sizeof *s) == 0)
			return i;
	if (special_count == MOST_SPECIALS)
		stop("too many specials");
	specials[special_count] = *s;
	return special_count++;
}

static uint32_t entry_of(uint32_t c) {
	uint32_t to[FOLD_ONE], spare[FOLD_ONE];
	char text[FOLD_ONE * 4];
	size_t n = (size_t)fold_one(c, to), bytes = 0;
	n = fold_compose(to, n, spare);
	special s = {.action = SPECIAL_DROP};
	if (is_surrogate(c))
		s.action = SPECIAL_INVALID;
	if (is_surrogate(c) || n == 0)
		return add_special(&s) << 16;
	s.kind = kind_of(to[0]);
	s.script = script_of(to[0]);
	bool joins = order_of(to[0]) || second[to[0]];
	if (n == 1 && to[0] == c && !joins && !(is_mark(c) && s.script == SCRIPT_NONE))
		return s.kind | (uint32_t)s.script << 8;
	for (size_t i = 0; i < n; i++) {
		bytes += (size_t)utf8proc_encode_char((utf8proc_int32_t)to[i], (utf8proc_uint8_t *)text + bytes);
		if (rough_kind(to[i]) != rough_kind(c))
			s.flags |= SPECIAL_CHANGES;
	}
	s.at = add_text(text, bytes);
	s.n = (uint8_t)bytes;
	s.action = n == 1 ? SPECIAL_TEXT : SPECIAL_TEXTS;
	if (joins || (is_mark(to[0]) && s.script == SCRIPT_NONE)) {
		s.action = SPECIAL_MARK;
		s.order = (uint8_t)order_of(to[0]);
		s.flags = (uint8_t)(s.flags | (second[to[0]] ? SPECIAL_MAYBE : 0) | (n > 1 ? SPECIAL_RARE : 0) |
		                    (is_mark(to[0]) && s.script == SCRIPT_NONE ? SPECIAL_INHERITS : 0));
	}
	return s.kind | (uint32_t)s.script << 8 | add_special(&s) << 16;
}

/* ---- output ---- */

static unsigned add_page(const uint32_t *entry) {
	for (unsigned i = 0; i < page_count; i++)
		if (memcmp(pages[i], entry, sizeof pages[i]) == 0)
			return i;
	memcpy(pages[page_count], entry, sizeof pages[0]);
	return page_count++;
}

/* The first `invalid` pages are overlong in that length of UTF-8. */
static void print_index(const char *name, unsigned count, unsigned invalid) {
	printf("const uint16_t %s[] = {", name);
	for (unsigned i = 0; i < count; i++)
		printf("%s%u,", i % 20 ? "" : "\n", page_of[i < invalid ? 0xD800 / PAGE : i]);
	printf("};\n");
}

static void print_all(void) {
	printf("/* made by make_fold_table.c, Unicode %s */\n", utf8proc_unicode_version());
	print_index("fold_index2", 32, 2);
	print_index("fold_index3", 1024, 32);
	print_index("fold_index", PAGES, 0);
	printf("const uint32_t fold_pages[][%d] = {", PAGE);
	for (unsigned i = 0; i < page_count; i++) {
		printf("\n{");
		for (int k = 0; k < PAGE; k++)
			printf("%u,", pages[i][k]);
		printf("},");
	}
	printf("};\nconst special fold_specials[] = {");
	for (unsigned i = 0; i < special_count; i++)
		printf("\n{%u,%u,%u,%u,%u,%u,%u},", specials[i].at, specials[i].n, specials[i].action, specials[i].flags,
		       specials[i].kind, specials[i].script, specials[i].order);
	printf("};\nconst unsigned char fold_texts[] = {");
	/* Some bytes behind the last, for those who copy four at once. */
	for (size_t i = 0; i < text_count + 4; i++)
		printf("%s%u,", i % 24 ? "" : "\n", i < text_count ? (unsigned char)texts[i] : 0u);
	printf("};\n");
}

int main(void) {
	UErrorCode err = U_ZERO_ERROR;
	nfc = unorm2_getNFCInstance(&err);
	if (U_FAILURE(err))
		stop(u_errorName(err));
	find_compositions();
	special_count = 1; /* 0: none */
	for (uint32_t c = 0; c < CODE_POINTS; c++)
		entries[c] = entry_of(c);
	for (unsigned i = 0; i < PAGES; i++)
		page_of[i] = add_page(&entries[i * PAGE]);
	print_all();
	return ferror(stdout) || fflush(stdout) != 0;
}
