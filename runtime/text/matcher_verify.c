/* matcher_verify.c: does a form stand around the place where its anchor was found? Compares its parts leftwards and
 * rightwards from there, then looks at the borders. */
#include "text/matcher_index.h"

#define HANDLE_MOST 64 /* bytes: longer runs are no handles */
#define FLAGS_MOST 256 /* bytes of flags that are gone through to see where one begins */

/* Where the word that byte i is in begins; where the word ends that goes on, or not, at byte i. */
static size_t word_begin(const folded *t, size_t i) {
	while (i > 0 && is_word(t, i - 1) && !fold_bit(t->edges, i))
		i--;
	return i;
}

static size_t word_end(const folded *t, size_t i) {
	while (is_word(t, i) && !fold_bit(t->edges, i))
		i++;
	return i;
}

/* ---- hashtags and mentions --------------------------------------------------------------------- */

static bool in_tag(const folded *t, size_t i) { return is_word(t, i) || is_spaceless(t, i) || t->p[i] == '_'; }

/* Not directly behind a word, unless that is a tag itself: #ad#brisk. */
static bool tag_begins(const folded *t, size_t at) {
	if (at == 0 || !is_word(t, at - 1))
		return true;
	size_t i = at;
	while (i > 0 && in_tag(t, i - 1))
		i--;
	return i > 0 && t->p[i - 1] == '#';
}

static bool handle_begins(const folded *t, size_t at) {
	return at == 0 || !(is_word(t, at - 1) || t->p[at - 1] == '_');
}

/* Where the handle that has bytes before `end` ends: dots and hyphens count only with something behind them. Handles
 * that begin with a spaceless character (王小明) take those too; others end there (@nikeさん). */
static size_t handle_end(const folded *t, size_t end, bool spaceless) {
	for (size_t i = end, most = end + HANDLE_MOST; i < most; i++) {
		if (is_word(t, i) || t->p[i] == '_' || (spaceless && is_spaceless(t, i)))
			end = i + 1;
		else if (t->p[i] != '.' && t->p[i] != '-')
			break;
	}
	return end;
}

/* Is byte i, of a word, in a handle? Then *begin is the byte behind its @. */
static bool in_handle(const folded *t, size_t i, size_t *begin) {
	for (size_t k = 0; k < HANDLE_MOST && i > 0; k++, i--) {
		char c = t->p[i - 1];
		if (c == '@') {
			*begin = i;
			return handle_begins(t, i - 1);
		}
		if (!is_word(t, i - 1) && c != '_' && c != '.' && c != '-')
			return false;
	}
	return false;
}

static bool begins_in_handle(const folded *t, size_t start) {
	size_t begin;
	return start > 0 && t->p[start - 1] != ' ' && t->p[start - 1] != '@' && in_handle(t, start, &begin);
}

static bool ends_in_handle(const folded *t, size_t end) {
	size_t begin;
	return t->p[end] != ' ' && handle_end(t, end, false) > end && in_handle(t, end - 1, &begin);
}

bool word_cuts_handle(const folded *t, size_t start, size_t end) {
	return begins_in_handle(t, start) || ends_in_handle(t, end);
}

/* A word that is only a part of a handle does not count. */
static bool cuts_handle(const folded *t, const form *f, size_t start, size_t end) {
	return (f->begin == BORDER_WORD && begins_in_handle(t, start)) || (f->end == BORDER_WORD && ends_in_handle(t, end));
}

/* Not between the two letters of a flag. */
static bool flag_begins(const folded *t, size_t at) {
	size_t i = at;
	while (i >= 4 && at - i < FLAGS_MOST && is_flag_letter(t->p + i - 4))
		i -= 4;
	return (at - i) % 8 == 0;
}

/* ---- borders ----------------------------------------------------------------------------------- */

static bool begins(const folded *t, const form *f, size_t at) {
	switch ((enum border)f->begin) {
	case BORDER_NONE: break;
	case BORDER_WORD: return at == 0 || !is_word(t, at - 1) || fold_bit(t->edges, at);
	case BORDER_CLUSTER: return fold_bit(t->starts, at);
	case BORDER_TAG: return tag_begins(t, at);
	case BORDER_HANDLE: return handle_begins(t, at);
	case BORDER_FLAG: return flag_begins(t, at);
	}
	return true;
}

/* at: behind the literal of the last part, which began at `from`. Moves it on where a star lets it. */
static bool ends(const folded *t, const form *f, const part *last, size_t from, size_t *at) {
	size_t end = *at;
	switch ((enum border)f->end) {
	case BORDER_NONE:
	case BORDER_FLAG: return true;
	case BORDER_WORD: end = word_end(t, end); break;
	case BORDER_CLUSTER: return !is_spaceless(t, end) || fold_bit(t->starts, end);
	case BORDER_TAG:
		while (in_tag(t, end))
			end++;
		break;
	case BORDER_HANDLE: end = handle_end(t, end, is_spaceless(t, from + 1)); break;
	}
	if (end != *at && !last->star)
		return false;
	*at = end;
	return true;
}

/* ---- Turkish ----------------------------------------------------------------------------------- */

static bool is_capital_i(const folded *t, size_t at) {
	size_t from = fold_original_start(t, at);
	const char *p = t->original.p + from;
	return from < t->original.n && (*p == 'I' || (t->original.n - from >= 3 && !memcmp(p, "\xEF\xBC\xA9", 3)));
}

/* A capital I is a dotless i. */
static bool turkish_fits(const matcher *m, const folded *t, const form *f, size_t start) {
	uint32_t letter = 0;
	size_t at = start;
	for (size_t i = 0; i < f->part_count; i++) {
		const part *p = &m->parts[f->parts + i];
		for (size_t n; i > 0 && (n = space_at(t->p, at, t->n)) > 0;)
			at += n;
		for (size_t k = 0; k < p->length; k++)
			if (t->p[at + k] == 'i') {
				bool capital = letter < 32 && f->capitals >> letter & 1;
				if (is_capital_i(t, at + k) != capital)
					return false;
				letter++;
			}
		at += p->length;
		if (p->star)
			at = word_end(t, at);
	}
	return true;
}

/* ---- forms ------------------------------------------------------------------------------------- */

static bool same(const matcher *m, const folded *t, const part *p, size_t at) {
	return p->length <= t->n && at <= t->n - p->length && memcmp(t->p + at, m->text + p->from, p->length) == 0;
}

/* The part that must stand before white space before byte `right`: its first byte into *at. */
static bool stands_before(const matcher *m, const folded *t, const part *p, bool joined, size_t right, size_t *at) {
	size_t end = right;
	for (size_t n; (n = space_before(t->p, end)) > 0;)
		end -= n;
	if (end == right && !joined)
		return false;
	size_t back = p->length;
	if (p->star) {
		if (end == 0 || !is_word(t, end - 1))
			return false;
		back = end - word_begin(t, end - 1) + p->last;
	}
	if (end < back || back < p->length)
		return false;
	*at = end - back;
	return same(m, t, p, *at);
}

static bool stands_behind(const matcher *m, const folded *t, const part *p, size_t left, size_t *at) {
	*at = left;
	for (size_t n; (n = space_at(t->p, *at, t->n)) > 0;)
		*at += n;
	return (*at > left || p->joined) && same(m, t, p, *at);
}

bool form_stands(const matcher *m, const folded *t, const posting *found, size_t at, size_t *start, size_t *end) {
	const form *f = &m->forms[found->form];
	const part *parts = &m->parts[f->parts];
	if (at < found->at)
		return false;
	size_t from = at - found->at, last = from;
	if (!same(m, t, &parts[found->part], from))
		return false;
	*start = from;
	for (size_t i = found->part; i > 0; i--)
		if (!stands_before(m, t, &parts[i - 1], parts[i].joined, *start, start))
			return false;
	size_t behind = from + parts[found->part].length;
	for (size_t i = found->part + 1u; i < f->part_count; i++) {
		if (parts[i - 1].star)
			behind = word_end(t, behind);
		if (!stands_behind(m, t, &parts[i], behind, &last))
			return false;
		behind = last + parts[i].length;
	}
	*end = behind;
	return begins(t, f, *start) && ends(t, f, &parts[f->part_count - 1], last, end) &&
	       !(f->written && cuts_handle(t, f, *start, *end)) && !(f->turkish && !turkish_fits(m, t, f, *start));
}

/* ---- tails ------------------------------------------------------------------------------------- */

str posting_tail(const matcher *m, const posting *p) {
	const form *f = &m->forms[p->form];
	size_t i = p->part;
	while (i + 1u < f->part_count && !m->parts[f->parts + i].star && !m->parts[f->parts + i + 1].joined)
		i++;
	const part *first = &m->parts[f->parts + p->part], *last = &m->parts[f->parts + i];
	size_t from = first->from + p->at;
	return (str){m->text + from, last->from + last->length - from};
}

int tail_compare(const folded *t, size_t at, str tail) {
	for (size_t i = 0; i < tail.n; i++) {
		size_t space = space_at(t->p, at, t->n);
		unsigned char there = space ? ' ' : at < t->n ? (unsigned char)t->p[at] : 0;
		if ((unsigned char)tail.p[i] != there)
			return (unsigned char)tail.p[i] < there ? -1 : 1;
		at++;
		if (space)
			for (at += space - 1; (space = space_at(t->p, at, t->n)) > 0;)
				at += space;
	}
	return 0;
}
