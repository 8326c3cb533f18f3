/* regex_runs.c: joins, repeats and weighs runs. Uses utf8proc for what kind a character is. Knows nothing of how
 * patterns are written. */
#include "text/regex_runs.h"

#include <utf8proc.h>

#include "base/utf8.h"

/* ---- runs ---- */

void runs_one(runs *r, const char *p, size_t n) {
	r->count = 1;
	r->items[0].n = (unsigned char)n;
	memcpy(r->items[0].p, p, n);
}

void runs_mark(runs *r, char mark) { runs_one(r, &mark, 1); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool run_same(const run *a, const run *b) {
	bool same = a->n == b->n;
	for (int i = 0; same && i < a->n; i++)
		same = lower(a->p[i]) == lower(b->p[i]);
	return same;
}

bool runs_add(runs *r, const run *item) {
	for (int i = 0; i < r->count; i++)
		if (run_same(&r->items[i], item))
			return true;
	if (r->count == RUNS)
		return false;
	r->items[r->count++] = *item;
	return true;
}

static int runs_longest(const runs *r) {
	int n = 0;
	for (int i = 0; i < r->count; i++)
		n = r->items[i].n > n ? r->items[i].n : n;
	return n;
}

static void run_append(run *a, const run *b) {
	int skip =
	    a->n && b->n && a->p[a->n - 1] == b->p[0] && (b->p[0] == RUN_GAP || b->p[0] == RUN_NONWORD || b->p[0] == ' ');
	memcpy(a->p + a->n, b->p + skip, (size_t)(b->n - skip));
	a->n = (unsigned char)(a->n + b->n - skip);
}

/* ---- the best literal of a run ---- */

static bool is_sign(char c) { /* ASCII, neither letter, digit, _ nor space */
	return c > ' ' && c < 127 && c != '_' && !((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'));
}

bool is_loose(char c) { return c == ' ' || is_sign(c); }

/* Does the character at p lie in a script whose words PCRE2 and folding see alike? */
static bool is_plain_letter(const char *p, size_t n) {
	uint32_t c;
	utf8_decode(p, n, &c);
	if (c < 128)
		return lower((char)c) >= 'a' && lower((char)c) <= 'z';
	return ((c >= 0xC0 && c < 0x530) || (c >= 0x1E00 && c < 0x1F00)) && c != 0x345 &&
	       (utf8proc_category((utf8proc_int32_t)c) <= UTF8PROC_CATEGORY_LO);
}

static const char *last_character(const char *p, const char *end) {
	for (end--; end > p && ((unsigned char)*end & 0xC0) == 0x80;)
		end--;
	return end;
}

static choice weigh(const char *p, const char *end, bool left, bool right) {
	choice c = {p, (int)(end - p), HOW_SUBSTRING, 0};
	if (end <= p)
		return c;
	const char *last = last_character(p, end);
	left = is_sign(*p) || (left && (is_plain_letter(p, (size_t)(end - p)) || (*p >= '0' && *p <= '9')));
	right = is_sign(*last) || (right && is_plain_letter(last, (size_t)(end - last)));
	int letters = 0, characters = 0;
	for (const char *at = p; at < end;) {
		uint32_t code;
		at += utf8_decode(at, (size_t)(end - at), &code);
		characters += code >= 0xE00 ? 2 : 1; /* two of Han or Thai are as rare as three letters */
		letters += code > ' ' && !is_sign((char)(code < 128 ? code : 'a'));
	}
	if (characters < 3 || !letters)
		return c;
	c.how = left && right ? HOW_WORD : left ? HOW_PREFIX : HOW_SUBSTRING;
	int more = c.how == HOW_WORD ? 5 : c.how == HOW_PREFIX ? 3 : 0; /* they are looked up, others are looked for */
	c.score = (characters < 20 ? characters : 20) + (characters > 3 ? more : more / 2);
	return c;
}

/* The best of the text [p, end), whole or cut at a border inside. left, right: no \w stands before, behind it. */
static choice best_piece(const char *p, const char *end, bool left, bool right) {
	while (p < end && *p == ' ')
		p++, left = true;
	while (p < end && end[-1] == ' ')
		end--, right = true;
	const char *begin = p, *stop = end;
	if (!left)
		while (begin < end && !(begin > p && is_loose(begin[-1]) && !is_loose(*begin)))
			begin++;
	if (!right)
		while (stop > p && !(stop < end && is_loose(*stop) && !is_loose(stop[-1])))
			stop--;
	choice best = weigh(p, end, left, right);
	choice others[] = {weigh(begin, end, true, right), weigh(p, stop, left, true), weigh(begin, stop, true, true)};
	for (int i = 0; i < 3; i++)
		if (others[i].score > best.score)
			best = others[i];
	return best;
}

choice run_best(const run *r) {
	choice best = {0};
	for (int i = 0; i < r->n;) {
		if ((unsigned char)r->p[i] < ' ') {
			i++;
			continue;
		}
		int j = i;
		while (j < r->n && (unsigned char)r->p[j] >= ' ')
			j++;
		bool left = i > 0 && r->p[i - 1] != RUN_GAP, right = j < r->n && r->p[j] != RUN_GAP;
		choice c = best_piece(r->p + i, r->p + j, left, right);
		if (c.score > best.score)
			best = c;
		i = j;
	}
	return best;
}

/* The worst of the best; 0: a run has none. */
int runs_score(const runs *r) {
	int score = r->count ? 100 : 0;
	for (int i = 0; i < r->count; i++) {
		int one = run_best(&r->items[i]).score;
		score = one < score ? one : score;
	}
	for (int n = r->count; n > 1 && score > 1; n /= 2) /* twice as many stand twice as often */
		score--;
	return score;
}

/* Keeps the row's literals aside if they are better than what is kept. */
static void keep_best(row *l) {
	int score = runs_score(&l->now);
	if (score <= l->best_score)
		return;
	l->best_score = score;
	l->best.count = 0;
	for (int i = 0; i < l->now.count; i++) {
		choice c = run_best(&l->now.items[i]);
		run kept = {0};
		kept.p[kept.n++] = RUN_GAP;
		if (c.how != HOW_SUBSTRING)
			kept.p[kept.n++] = RUN_BORDER;
		if (c.n + 4 > RUN_MOST) {
			l->best_score = l->best.count = 0;
			return;
		}
		memcpy(kept.p + kept.n, c.p, (size_t)c.n);
		kept.n = (unsigned char)(kept.n + c.n);
		if (c.how == HOW_WORD)
			kept.p[kept.n++] = RUN_BORDER;
		kept.p[kept.n++] = RUN_GAP;
		runs_add(&l->best, &kept);
	}
}

void row_begin(row *l) {
	runs_one(&l->now, "", 0);
	l->best.count = l->best_score = 0;
}

void row_join(row *l, const runs *part) {
	if (l->now.count * part->count > RUNS || runs_longest(&l->now) + runs_longest(part) > RUN_MOST) {
		keep_best(l);
		runs_mark(&l->now, RUN_GAP);
		if (runs_longest(part) >= RUN_MOST) {
			l->now = *part;
			keep_best(l);
			runs_mark(&l->now, RUN_GAP);
			return;
		}
	}
	int n = l->now.count, m = part->count;
	l->now.count = n * m;
	for (int i = n - 1; i >= 0; i--) { /* from the end: what is read still lies before what is written */
		run left = l->now.items[i];
		for (int j = m - 1; j >= 0; j--) {
			run *made = &l->now.items[i * m + j];
			*made = left;
			run_append(made, &part->items[j]);
		}
	}
}

const runs *row_end(const row *l) { return l->best_score > runs_score(&l->now) ? &l->best : &l->now; }

/* ---- quantifiers ---- */

static bool all_loose(const runs *r, bool *spaces) {
	*spaces = true;
	for (int i = 0; i < r->count; i++) {
		if (!r->items[i].n)
			return false;
		for (int k = 0; k < r->items[i].n; k++) {
			char c = r->items[i].p[k];
			*spaces &= c == ' ';
			if (c != RUN_NONWORD && !is_loose(c))
				return false;
		}
	}
	return true;
}

void runs_repeat(runs *r, unsigned least, unsigned most) {
	static const run nothing = {0};
	bool spaces;
	if (most == 0) {
		runs_one(r, "", 0);
		return;
	}
	if (most > 1) {
		if (all_loose(r, &spaces)) {
			runs_mark(r, spaces ? ' ' : RUN_NONWORD);
		} else if (least == 0 || runs_longest(r) >= RUN_MOST) {
			runs_mark(r, RUN_GAP);
			return;
		} else {
			for (int i = 0; i < r->count; i++) {
				run gap = {1, {RUN_GAP}};
				run_append(&r->items[i], &gap);
			}
		}
	}
	if (least == 0 && !runs_add(r, &nothing))
		runs_mark(r, RUN_GAP);
}

/* ---- characters ---- */

/* Vowels and tones of Indic and South-East Asian scripts, as much part of a word as its letters. They neither join with
 * what stands before them nor are dropped; a nukta joins. */
static bool is_vowel_sign(uint32_t c, utf8proc_category_t kind) {
	return (kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC) && c >= 0x900 && c <= 0x109F &&
	       utf8proc_get_property((utf8proc_int32_t)c)->combining_class != 7;
}

void run_character(run *r, uint32_t c) {
	char bytes[4];
	size_t n = 1;
	bytes[0] = RUN_GAP;
	if (c >= ' ' && c < 127) {
		bytes[0] = (char)c;
	} else if ((c >= '\t' && c <= '\r') || c == 0x85) {
		bytes[0] = ' ';
	} else if (c < ' ') {
		bytes[0] = RUN_NONWORD;
	} else if (c == 0x2018 || c == 0x2019) {
		bytes[0] = '\'';
	} else if (c >= 128 && c <= 0x10FFFF) {
		utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)c);
		bool letter = kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
		if (letter || is_vowel_sign(c, kind))
			n = utf8_encode(c, bytes);
		else if (kind >= UTF8PROC_CATEGORY_ZS && kind <= UTF8PROC_CATEGORY_ZP)
			bytes[0] = ' ';
		else if (kind >= UTF8PROC_CATEGORY_PC && kind <= UTF8PROC_CATEGORY_SO)
			bytes[0] = RUN_NONWORD;
	}
	memcpy(r->p, bytes, n);
	r->n = (unsigned char)n;
}
