/* disguise_find.c: looks at a word that disguise_spot.c came upon, or at letters set apart: is it written in disguise,
 * and how? What is found is only read again (disguise.c): it counts where a term stands in the second reading. */
#include "base/utf8.h"
#include "text/disguise_parts.h"
#include "text/lookalike.h"

#define APART_LEAST 3 /* letters set apart */
#define LINK_BACK 64  /* bytes looked back for a link without a scheme, or for a handle's @ */

/* ---- characters ------------------------------------------------------------------------------- */

static bool ascii_letter(uint32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool ascii_digit(uint32_t c) { return c >= '0' && c <= '9'; }

/* The letter that a digit or sign is written for; 0: none. */
static char sign_letter(uint32_t c) {
	switch (c) {
	case '0': return 'o';
	case '1':
	case '!':
	case '|': return 'i';
	case '3':
	case 0x20AC: return 'e'; /* € */
	case '4':
	case '@': return 'a';
	case '5':
	case '$': return 's';
	case '7':
	case '+': return 't';
	case '8': return 'b';
	case '9': return 'g';
	default: return 0;
	}
}

static bool cyrillic(uint32_t c) { return c >= 0x400 && c <= 0x52F; }

/* Letters of phonetics and small capitals too. */
static bool latin_script(uint32_t c) {
	return c < 0x370 || (c >= 0x1D00 && c <= 0x1DBF) || (c >= 0x1E00 && c <= 0x1EFF) || (c >= 0x2C60 && c <= 0x2C7F) ||
	       (c >= 0xA720 && c <= 0xA7FF) || (c >= 0xAB30 && c <= 0xAB6F);
}

/* Cyrillic letters that no large Slavic language writes stand in a word to look like Latin ones. */
static bool rare_cyrillic(uint32_t c) { return cyrillic(c) && !(c >= 0x430 && c <= 0x45F && c != 0x455) && c != 0x491; }

/* The Cyrillic letter that an ASCII one, a digit or a sign looks like; 0: none. */
static uint32_t cyrillic_twin(uint32_t c) {
	static const char *const twins[] = {['0'] = "о", ['3'] = "з", ['4'] = "ч", ['@'] = "а", ['$'] = "с", ['a'] = "а",
	                                    ['b'] = "в", ['c'] = "с", ['e'] = "е", ['h'] = "н", ['i'] = "і", ['k'] = "к",
	                                    ['m'] = "м", ['o'] = "о", ['p'] = "р", ['t'] = "т", ['x'] = "х", ['y'] = "у"};
	uint32_t twin = 0;
	if (c < sizeof twins / sizeof *twins && twins[c])
		utf8_decode(twins[c], 2, &twin);
	return twin;
}

uint32_t disguise_reads(uint32_t c, uint8_t kinds, bool native, char choice) {
	if (c >= 0x80 && disguise_mark(c))
		return 0;
	if (native)
		return cyrillic_twin(c) ? cyrillic_twin(c) : c;
	char letter = kinds & DISGUISE_SIGNS ? sign_letter(c) : 0;
	if (letter)
		return disguise_choice(c) ? (unsigned char)choice : (unsigned char)letter;
	char latin = c >= 0x80 && kinds & DISGUISE_LOOKS ? look_alike(c) : 0;
	return latin ? (unsigned char)latin : c;
}

/* ---- words ------------------------------------------------------------------------------------- */

static bool word_at(const folded *f, size_t i) { return i < f->n && fold_bit(f->words, i); }

/* The bytes of the sign at i that stands for a letter, with a letter or digit behind it (or behind a second such sign);
 * else 0. */
static size_t sign_at(const folded *f, size_t i) {
	if (i >= f->n)
		return 0;
	char c = f->p[i];
	if (c == '@' || c == '!' || c == '$' || c == '|' || c == '+')
		return word_at(f, i + 1) || (f->p[i + 1] == c && word_at(f, i + 2)) ||
		               (c == '@' && f->p[i + 1] == '$' && word_at(f, i + 3))
		           ? 1
		           : 0;
	return c == '\xE2' && memcmp(f->p + i, "€", 3) == 0 && word_at(f, i + 3) ? 3 : 0;
}

/* Does a word go on before byte i with the sign that ends there? */
static size_t sign_before(const folded *f, size_t i) {
	if (i >= 1 && sign_at(f, i - 1) == 1)
		return 1;
	return i >= 3 && sign_at(f, i - 3) == 3 ? 3 : 0;
}

size_t disguise_word_start(const folded *f, size_t i, size_t least) {
	while (i > least) {
		size_t sign = word_at(f, i - 1) ? 1 : sign_before(f, i);
		if (!sign || i < least + sign)
			break;
		i -= sign;
	}
	/* + and | are letters only between letters. */
	while (i < f->n && (f->p[i] == '+' || f->p[i] == '|'))
		i++;
	return i;
}

static size_t word_end(const folded *f, size_t i) {
	size_t start = i;
	for (size_t sign;; i += sign) {
		sign = word_at(f, i) ? 1 : sign_at(f, i);
		/* a$$: a dollar also stands behind letters, but not before a sum */
		if (!sign && i > start && i < f->n && f->p[i] == '$' && !(f->p[i + 1] == ' ' && fold_bit(f->digits, i + 2)))
			sign = 1;
		if (!sign)
			return i;
	}
}

typedef struct make { /* of what a word is made */
	uint32_t characters, letters, latin, digits, signs, choices;
	uint32_t looks, phonetic, dotless, marks, rare; /* phonetic: look-alikes in Latin script */
	uint32_t strange;                               /* letters of another script that look like nothing */
	uint32_t cyrillic, untwinned;                   /* ASCII letters without a Cyrillic twin */
	uint32_t first_digits, last_digits;
	bool other_digits; /* 2, 6, which stand for nothing */
} make;

static void count_letter(make *m, uint32_t c) {
	m->letters++;
	m->cyrillic += cyrillic(c);
	m->rare += rare_cyrillic(c);
	if (ascii_letter(c)) {
		m->latin++;
		m->untwinned += !cyrillic_twin(c);
		return;
	}
	if (c == 0x131)
		m->dotless++;
	else if (c > 0x17F && look_alike(c)) {
		m->looks++;
		m->phonetic += latin_script(c);
	} else
		m->strange += !latin_script(c);
}

static make look_at(const folded *f, size_t start, size_t end) {
	make m = {0};
	bool first = true;
	for (size_t i = start; i < end;) {
		uint32_t c = (unsigned char)f->p[i];
		i += c < 0x80 ? 1 : utf8_decode(f->p + i, end - i, &c);
		if (c >= 0x80 && disguise_mark(c)) {
			m.marks++;
			continue;
		}
		m.characters++;
		m.choices += disguise_choice(c);
		bool digit = ascii_digit(c);
		m.last_digits = digit ? m.last_digits + 1 : 0;
		first &= digit;
		m.first_digits += first;
		if (digit) {
			m.digits++;
			m.other_digits |= !sign_letter(c);
		} else if (sign_letter(c))
			m.signs++;
		else
			count_letter(&m, c);
	}
	return m;
}

/* 50ml, covid19, h2o, mp3, 3x are what they are; k1ll, a55, b00bs, 5ex are not. */
static bool speaks_in_signs(const make *m, const folded *f, size_t end) {
	if (!(m->digits + m->signs) || m->other_digits || !m->letters || m->characters < 3 || m->characters > 64)
		return false;
	if (m->first_digits >= 2 && !m->signs && m->first_digits == m->digits)
		return false;
	if (m->last_digits == m->digits && !m->signs)
		return m->last_digits == 1 ? m->letters >= 3 : f->p[end - 1] == f->p[end - 2];
	return true;
}

/* ---- what is left alone ------------------------------------------------------------------------ */

static bool space_byte(char c) { return (unsigned char)c <= ' '; }

/* Moves on to the first link with a scheme that ends behind byte i. */
static bool in_link(disguise_finder *d, size_t i) {
	const folded *f = d->text;
	while (i >= d->link_end && d->links_from < f->n) {
		const char *p = memmem(f->p + d->links_from, f->n - d->links_from, "://", 3);
		if (!p) {
			d->links_from = f->n;
			break;
		}
		size_t at = (size_t)(p - f->p), start = at;
		while (start > 0 && at - start < 8 && ascii_letter((unsigned char)f->p[start - 1]))
			start--;
		for (at += 3; at < f->n && (unsigned char)f->p[at] > ' ' && (unsigned char)f->p[at] < 0x80;)
			at++;
		d->link_start = start;
		d->link_end = d->links_from = at;
	}
	return i >= d->link_start && i < d->link_end;
}

/* In example.com/abc or www.example.com, or in the handle after an @. */
static bool in_name(const folded *f, size_t start, size_t end) {
	bool slash = false, handle = true;
	for (size_t i = start; i > 0 && start - i < LINK_BACK && !space_byte(f->p[i - 1]); i--) {
		char c = f->p[i - 1];
		slash |= c == '/';
		if (slash && c == '.' && word_at(f, i) && i > 1 && word_at(f, i - 2))
			return true;
		if (handle && c == '@')
			return !(i > 1 && word_at(f, i - 2));
		handle &= word_at(f, i - 1) || c == '_' || c == '.' || c == '-';
	}
	/* lena@example.com, and www.k1ll.example, k1ll.example/x */
	if (end + 1 < f->n && f->p[end] == '.' && word_at(f, end + 1)) {
		size_t i = end + 1;
		while (i < f->n && i - end < LINK_BACK && (word_at(f, i) || f->p[i] == '.' || f->p[i] == '-'))
			i++;
		bool at = memchr(f->p + start, '@', end - start) != NULL && f->p[start] != '@';
		return at || f->p[i] == '/' || (start >= 4 && memcmp(f->p + start - 4, "www.", 4) == 0);
	}
	return false;
}

static bool holds_word(const folded *f, const char *word) {
	size_t n = strlen(word);
	for (const char *p = f->p, *end = f->p + f->n; (p = memmem(p, (size_t)(end - p), word, n)); p += n) {
		size_t i = (size_t)(p - f->p);
		if ((i == 0 || !word_at(f, i - 1)) && !word_at(f, i + n))
			return true;
	}
	return false;
}

/* sık is not sik. */
bool disguise_turkish(disguise_finder *d) {
	static const char *const signs_of[] = {"ğ", "ş", "ə"};
	static const char *const words[] = {"bir",   "bu",   "için",  "çok", "bunu", "gibi",
	                                    "kadar", "daha", "değil", "mı",  "hadi", "artık"};
	if (d->turkish >= 0)
		return d->turkish;
	d->turkish = 0;
	for (size_t i = 0; i < sizeof signs_of / sizeof *signs_of; i++)
		d->turkish |= memmem(d->text->p, d->text->n, signs_of[i], 2) != NULL;
	for (size_t i = 0; !d->turkish && i < sizeof words / sizeof *words; i++)
		d->turkish = holds_word(d->text, words[i]);
	return d->turkish;
}

/* ---- places ------------------------------------------------------------------------------------ */

/* The end of the character at i if it is a word of its own; 0: it is not. */
static size_t lone_letter(const folded *f, size_t i) {
	if (!word_at(f, i))
		return 0;
	uint32_t c;
	size_t end = i + utf8_decode(f->p + i, f->n - i, &c);
	for (uint32_t mark; word_at(f, end); end += utf8_decode(f->p + end, f->n - end, &mark)) {
		utf8_decode(f->p + end, f->n - end, &mark);
		if (!disguise_mark(mark))
			return 0;
	}
	return end;
}

/* k i l l, s.h.i.t: from the first letter to the last. False where fewer than three stand so; out->kinds 0 where they
 * are numbers. */
static bool apart_at(const folded *f, size_t start, disguise_place *out) {
	if (start > 0 && (word_at(f, start - 1) || f->p[start - 1] == '\''))
		return false;
	uint32_t letters = 0, latin = 0, digits = 0, choices = 0;
	size_t last = start;
	bool spaces = false;
	for (size_t i = start, end; (end = lone_letter(f, i)) != 0; i = end + 1) {
		uint32_t c;
		utf8_decode(f->p + i, end - i, &c);
		if (ascii_digit(c) && !sign_letter(c))
			break;
		digits += ascii_digit(c);
		letters += !ascii_digit(c);
		choices += disguise_choice(c);
		latin += ascii_letter(c);
		last = end;
		if (end >= f->n || !strchr(" .-_*", f->p[end]))
			break;
		/* s.h.i.t k.i.l.l are two. */
		bool space = f->p[end] == ' ';
		if (i > start && space != spaces)
			break;
		spaces = space;
	}
	if (letters + digits < APART_LEAST)
		return false;
	/* Letters of another script alone are themselves. */
	int kinds = DISGUISE_SPACED | (digits ? DISGUISE_SIGNS : 0) | (latin ? DISGUISE_LOOKS : 0);
	*out = (disguise_place){.start = (uint32_t)start,
	                        .end = (uint32_t)last,
	                        .kinds = (uint8_t)(letters > 1 ? kinds : 0),
	                        .choices = (uint8_t)(choices < 255 ? choices : 255)};
	return true;
}

static uint8_t looks_kinds(disguise_finder *d, const make *m) {
	uint8_t kinds = m->marks && m->letters > m->strange ? DISGUISE_LOOKS : 0;
	bool mixed = m->looks > 0 && (m->latin || m->phonetic);
	if (!m->strange && m->looks && (mixed || d->latin || (m->rare && d->text->letters[SCRIPT_LATIN])))
		kinds |= DISGUISE_LOOKS;
	if (!m->strange && m->dotless && (m->latin || m->looks) && !disguise_turkish(d))
		kinds |= DISGUISE_LOOKS;
	if (m->latin && m->cyrillic && !m->untwinned)
		kinds |= DISGUISE_NATIVE;
	return kinds;
}

/* The end of a handle that can be nothing else, since it has more than letters: @lena_k, @k1ll; else 0. */
static size_t handle_end(const folded *f, size_t i) {
	if (f->p[i] != '@')
		return 0;
	size_t end = i + 1;
	while (word_at(f, end) && !fold_bit(f->digits, end))
		end++;
	bool more = word_at(f, end) || f->p[end] == '_' || f->p[end] == '-' || (f->p[end] == '.' && word_at(f, end + 1));
	return !more || !word_at(f, i + 1) ? 0 : end > i + 1 ? end : i + 2;
}

bool disguise_place_at(disguise_finder *d, size_t i, disguise_place *out) {
	const folded *f = d->text;
	size_t handle_stop = handle_end(f, i);
	if (handle_stop) {
		*out = (disguise_place){.start = (uint32_t)i, .end = (uint32_t)handle_stop};
		return false;
	}
	if (apart_at(f, i, out))
		return out->kinds && !in_name(f, i, out->end) && !in_link(d, i);
	size_t end = word_end(f, i);
	*out = (disguise_place){.start = (uint32_t)i, .end = (uint32_t)(end > i ? end : i + 1)};
	if (end <= i)
		return false;
	make m = look_at(f, i, end);
	bool handle = f->p[i] == '@' && m.signs == 1;
	if (f->p[i] == '@' && !handle && word_at(f, i + 1))
		return false;
	out->kinds = looks_kinds(d, &m);
	if (speaks_in_signs(&m, f, end))
		out->kinds |= DISGUISE_SIGNS | (m.cyrillic && !m.untwinned ? DISGUISE_NATIVE : 0);
	out->at_only = handle;
	out->choices = (uint8_t)(m.choices < 255 ? m.choices : 255);
	return out->kinds && !in_name(f, i, end) && !in_link(d, i);
}
