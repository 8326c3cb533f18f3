/* source.c: cuts a file into records. A quote that is never closed costs its own line, not the rest of the file. */
#include "import/source.h"

#include <errno.h>
#include <string.h>

#define QUOTED_MOST (1u << 20) /* bytes of a CSV record that runs over lines */

kol_status source_open(source *s, const char *path, enum source_kind kind, kol_error *err) {
	*s = (source){.path = path, .kind = kind, .line = 1, .delimiter = ','};
	s->file = fopen(path, "re");
	return s->file ? KOL_OK : error_set(err, KOL_E_IO, "%s cannot be read: %s", path, strerror(errno));
}

void source_close(source *s) {
	if (s->file)
		fclose(s->file);
	buffer_free(&s->window);
	*s = (source){0};
}

static kol_status more(source *s, kol_error *err) {
	if (s->at) {
		memmove(s->window.p, s->window.p + s->at, s->window.n - s->at);
		s->window.n -= s->at;
		s->at = 0;
	}
	size_t want = s->window.n < (1u << 18) ? 1u << 18 : s->window.n;
	if (!buffer_reserve(&s->window, want))
		return error_memory(err);
	size_t got = fread(s->window.p + s->window.n, 1, want, s->file);
	if (ferror(s->file))
		return error_set(err, KOL_E_IO, "%s cannot be read: %s", s->path, strerror(errno));
	s->ended = got < want;
	s->window.n += got;
	s->read += (int64_t)got;
	return KOL_OK;
}

enum cut { CUT_DONE, CUT_MORE, CUT_BROKEN };

static enum cut cut_line(const source *s, str w, size_t *n) {
	const char *end = w.n ? memchr(w.p, '\n', w.n) : NULL;
	*n = end ? (size_t)(end - w.p) : w.n;
	return end || s->ended ? CUT_DONE : CUT_MORE;
}

static enum cut cut_csv(const source *s, str w, size_t *n) {
	bool start = true, quoted = false;
	for (size_t i = 0; i < w.n; i++) {
		char c = w.p[i];
		if (quoted) {
			if (c != '"')
				continue;
			if (i + 1 == w.n && !s->ended)
				return CUT_MORE;
			if (i + 1 < w.n && w.p[i + 1] == '"') {
				i++;
				continue;
			}
			quoted = false;
			if (i + 1 < w.n && w.p[i + 1] != s->delimiter && w.p[i + 1] != '\n' && w.p[i + 1] != '\r')
				return CUT_BROKEN;
		} else if (c == '"' && start) {
			quoted = true;
		} else if (c == '\n') {
			*n = i;
			return CUT_DONE;
		}
		start = !quoted && c == s->delimiter;
	}
	*n = w.n;
	if (quoted && (s->ended || w.n > QUOTED_MOST))
		return CUT_BROKEN;
	return s->ended ? CUT_DONE : CUT_MORE;
}

static enum cut cut_json(const source *s, str w, size_t *n) {
	int depth = 0;
	bool text = false;
	for (size_t i = 0; i < w.n; i++) {
		char c = w.p[i];
		if (text) {
			if (c == '\\')
				i++;
			else if (c == '"')
				text = false;
		} else if (c == '"') {
			text = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && --depth <= 0) {
			*n = i + 1;
			return CUT_DONE;
		} else if (depth == 0 && (c == ',' || c == '\n')) {
			*n = i;
			return CUT_DONE;
		}
	}
	*n = w.n;
	return s->ended ? CUT_DONE : CUT_MORE;
}

static int64_t lines_in(const char *p, size_t n) {
	int64_t count = 0;
	for (const char *end = p + n; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		count++;
	return count;
}

/* Between JSON values: spaces, commas and the brackets of the one array around them. */
static void skip_between(source *s) {
	while (s->at < s->window.n && strchr(" \t\r\n,[]\xef\xbb\xbf", s->window.p[s->at]) && s->window.p[s->at])
		s->line += s->window.p[s->at++] == '\n';
}

kol_status source_next(source *s, str *record, int64_t *line, const char **why, kol_error *err) {
	*record = (str){0};
	*why = NULL;
	for (;;) {
		if (s->kind == SOURCE_JSON)
			skip_between(s);
		str w = {s->window.p + s->at, s->window.n - s->at};
		size_t n = 0;
		enum cut cut = CUT_MORE;
		if (w.n)
			cut = s->kind == SOURCE_CSV    ? cut_csv(s, w, &n)
			      : s->kind == SOURCE_JSON ? cut_json(s, w, &n)
			                               : cut_line(s, w, &n);
		else if (s->ended)
			return KOL_OK;
		if (cut == CUT_BROKEN) {
			*why = "a quote is opened and not closed as it should be";
			cut = cut_line(s, w, &n);
		}
		if (cut == CUT_MORE && w.n > RECORD_MOST) {
			*why = "longer than 16 MiB";
			n = w.n;
			cut = CUT_DONE;
		}
		if (cut == CUT_MORE) {
			kol_status rc = more(s, err);
			if (rc)
				return rc;
			continue;
		}
		*line = s->line;
		*record = (str){w.p, n};
		s->line += lines_in(w.p, n) + (n < w.n && w.p[n] == '\n');
		s->at += n + (n < w.n && w.p[n] == '\n');
		if (n && w.p[n - 1] == '\r')
			record->n--;
		return KOL_OK;
	}
}

void source_resync(source *s, str record, int64_t line) {
	const char *end = memchr(record.p, '\n', record.n);
	if (!end)
		return;
	s->at = (size_t)(end + 1 - s->window.p);
	s->line = line + 1;
}
