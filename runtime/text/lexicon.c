/* lexicon.c: lists of terms, and the files they stand in. Uses arena, suggest and utf8. Knows nothing of how terms are
 * matched. */
#include "text/lexicon.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/suggest.h"
#include "base/utf8.h"

bool lexicon_add(arena *a, lexicon *l, term t) {
	if (l->count == l->capacity) {
		int more = l->capacity ? l->capacity * 2 : 32;
		term *grown = ARENA_ARRAY(a, term, more);
		if (!grown)
			return false;
		if (l->count)
			memcpy(grown, l->terms, sizeof *grown * (size_t)l->count);
		l->terms = grown;
		l->capacity = more;
	}
	l->terms[l->count++] = t;
	return true;
}

static str trim(str s) {
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static bool read_weight(str text, double *out) {
	char copy[64], *end;
	if (text.n == 0 || text.n >= sizeof copy || !strchr("+-.0123456789", text.p[0]))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = 0;
	*out = strtod(copy, &end);
	return end == copy + text.n && !strpbrk(copy, "xX") && isfinite(*out);
}

typedef struct reader {
	const char *path;
	int line;
	struct kol_problems *problems;
	const lexicon_section *sections, *section; /* all, and the one that is read */
	int section_count;
} reader;

static void complain(reader *r, const kol_error *e) { problems_add(r->problems, e); }

/* "[terms] and [except]" */
static const char *list_sections(const reader *r, char *out, size_t size) {
	size_t n = 0;
	out[0] = 0;
	for (int i = 0; i < r->section_count && n < size; i++)
		n += (size_t)snprintf(out + n, size - n, "%s[%s]",
		                      i == 0                      ? ""
		                      : i + 1 == r->section_count ? " and "
		                                                  : ", ",
		                      r->sections[i].name);
	return out;
}

static void read_section(reader *r, str line) {
	str name = trim((str){line.p + 1, line.n - 2});
	suggest s;
	char hint[128], list[256];
	kol_error e;
	suggest_begin(&s, name);
	for (int i = 0; i < r->section_count; i++) {
		if (str_is(name, r->sections[i].name)) {
			r->section = &r->sections[i];
			return;
		}
		suggest_try(&s, str_of(r->sections[i].name));
	}
	error_at(&e, KOL_E_RULE, r->path, r->line, 1, "there is no section [%.*s]; sections are %s%s",
	         (int)utf8_cut(name, 60), name.p, list_sections(r, list, sizeof list), suggest_text(&s, hint, sizeof hint));
	complain(r, &e);
}

static void check_weight(reader *r, const term *t) {
	kol_error e;
	bool free = r->section->least == 0 && r->section->most == 0;
	if (free || (t->weight >= r->section->least && t->weight <= r->section->most))
		return;
	error_at(&e, KOL_E_RULE, r->path, r->line, 0, "weights in [%s] lie between %g and %g, and that of '%.*s' is %g",
	         r->section->name, r->section->least, r->section->most, (int)utf8_cut(t->text, 60), t->text.p, t->weight);
	complain(r, &e);
}

static void read_number(reader *r, str weight, term *t) {
	kol_error e;
	if (read_weight(weight, &t->weight)) {
		check_weight(r, t);
		return;
	}
	error_at(&e, KOL_E_RULE, r->path, r->line, 0, "behind the TAB stands the term's weight, and '%.*s' is not a number",
	         (int)utf8_cut(weight, 60), weight.p);
	complain(r, &e);
	t->weight = r->section->usual;
}

/* False when memory ended. */
static bool read_term(reader *r, arena *a, lexicon *l, str line) {
	term t = {
	    .weight = r->section->usual, .role = r->section->role, .how = HOW_WRITTEN, .path = r->path, .line = r->line};
	const char *tab = memchr(line.p, '\t', line.n);
	t.text = trim((str){line.p, tab ? (size_t)(tab - line.p) : line.n});
	if (tab) {
		read_number(r, trim((str){tab + 1, (size_t)(line.p + line.n - tab - 1)}), &t);
	} else if (r->section->weighed) {
		kol_error e;
		error_at(&e, KOL_E_RULE, r->path, r->line, 0,
		         "in [%s] a TAB and a weight stand behind each term; '%.*s' has none", r->section->name,
		         (int)utf8_cut(t.text, 60), t.text.p);
		complain(r, &e);
	}
	return lexicon_add(a, l, t);
}

bool lexicon_read_sections(arena *a, lexicon *l, const char *path, str bytes, const lexicon_section *sections,
                           int count, struct kol_problems *problems) {
	reader r = {.path = path, .problems = problems, .sections = sections, .section = sections, .section_count = count};
	size_t from = bytes.n >= 3 && !memcmp(bytes.p, "\xEF\xBB\xBF", 3) ? 3 : 0;
	while (from < bytes.n) {
		const char *end = memchr(bytes.p + from, '\n', bytes.n - from);
		size_t to = end ? (size_t)(end - bytes.p) : bytes.n;
		str line = {bytes.p + from, to - from}, text = trim(line);
		from = to + 1;
		r.line++;
		if (text.n == 0 || (text.n >= 2 && !memcmp(text.p, "--", 2) && (text.n == 2 || text.p[2] == ' ')))
			continue;
		if (!utf8_valid(text)) {
			kol_error e;
			error_at(&e, KOL_E_RULE, path, r.line, 0, "this line is not UTF-8; save the file as UTF-8");
			complain(&r, &e);
		} else if (text.p[0] == '[' && text.p[text.n - 1] == ']') {
			read_section(&r, text);
		} else if (!read_term(&r, a, l, line)) {
			return false;
		}
	}
	return true;
}

bool lexicon_read(arena *a, lexicon *l, const char *path, str bytes, struct kol_problems *problems) {
	static const lexicon_section sections[] = {{.name = "terms", .role = ROLE_TERM, .usual = 1},
	                                           {.name = "except", .role = ROLE_EXCEPT, .usual = 1}};
	return lexicon_read_sections(a, l, path, bytes, sections, 2, problems);
}
