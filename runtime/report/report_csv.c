/* report_csv.c: one row per finding (RFC 4180), one with empty finding columns for a creator without.
 * Cells that a spreadsheet would run as a formula get a leading apostrophe. */
#include <math.h>

#include "base/utf8.h"
#include "report/parts.h"

static bool needs_quotes(str s) {
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r')
			return true;
	return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

/* A cell's text without NUL and invalid UTF-8. */
static void cell_text(buffer *out, str s, bool quoted) {
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t n = utf8_decode(s.p + i, s.n - i, &c);
		if (c == 0 || (c == 0xFFFD && n == 1))
			buffer_add(out, "\xEF\xBF\xBD", 3);
		else
			buffer_add(out, s.p + i, n);
		if (quoted && c == '"')
			buffer_char(out, '"');
		i += n;
	}
}

static void cell(buffer *out, str s) {
	if (!s.p || !s.n)
		return;
	bool quoted = needs_quotes(s);
	if (quoted)
		buffer_char(out, '"');
	if (strchr("=+-@\t\r\n", s.p[0]) && s.p[0])
		buffer_char(out, '\'');
	cell_text(out, s, quoted);
	if (quoted)
		buffer_char(out, '"');
}

static void next(buffer *out, str s) {
	buffer_char(out, ',');
	cell(out, s);
}

static void add_value(buffer *b, const finding_value *v) {
	buffer_str(b, v->name);
	buffer_char(b, '=');
	switch (v->kind) {
	case FINDING_NUMBER: part_number(b, v->num); return;
	case FINDING_TEXT: buffer_str(b, v->text); return;
	case FINDING_FLAG: buffer_z(b, v->num != 0 ? "true" : "false"); return;
	case FINDING_RANGE:
		part_number(b, v->num);
		buffer_z(b, "..");
		if (isfinite(v->hi))
			part_number(b, v->hi);
	}
}

/* Values, evidence and what is missing: a list in one cell each. */
static void list_cells(buffer *out, const struct kol_finding *f) {
	buffer list = {0};
	for (int i = 0; i < f->value_count; i++) {
		if (i)
			buffer_z(&list, "; ");
		add_value(&list, &f->values[i]);
	}
	next(out, (str){list.p, list.n});
	buffer_clear(&list);
	for (int i = 0; i < f->evidence_count; i++) {
		const evidence *e = &f->evidence[i];
		if (i)
			buffer_z(&list, "; ");
		buffer_str(&list, e->field);
		buffer_char(&list, ' ');
		buffer_int(&list, e->start);
		buffer_char(&list, '-');
		buffer_int(&list, e->end);
		buffer_z(&list, ": ");
		buffer_str(&list, e->text);
		if (e->disguised)
			buffer_z(&list, " (disguised)");
	}
	next(out, (str){list.p, list.n});
	buffer_clear(&list);
	for (int i = 0; i < f->missing_count; i++) {
		if (i)
			buffer_z(&list, "; ");
		buffer_str(&list, f->missing[i]);
	}
	next(out, (str){list.p, list.n});
	out->failed |= list.failed;
	buffer_free(&list);
}

static void csv_begin(buffer *out, const report_run *run) {
	(void)run;
	buffer_z(out,
	         "platform,handle,external_id,campaign,decision,score_min,score_max,rule,level,outcome,shadow,market,post,"
	         "message,values,evidence,missing,more\r\n");
}

static void creator_cells(buffer *out, const struct kol_verdict *v) {
	cell(out, str_of(v->platform));
	next(out, str_of(v->handle));
	next(out, str_of(v->external_id));
	next(out, str_of(v->campaign));
	next(out, str_of(kol_decision_name(v->decision)));
	buffer_char(out, ',');
	part_points(out, v->score_min);
	buffer_char(out, ',');
	part_points(out, v->score_max);
}

static void csv_render(buffer *out, const struct kol_verdict *v, const report_run *run) {
	(void)run;
	if (!v->count) {
		creator_cells(out, v);
		buffer_z(out, ",,,,,,,,,,,\r\n");
	}
	for (size_t i = 0; i < v->count; i++) {
		const struct kol_finding *f = v->findings[i];
		creator_cells(out, v);
		next(out, str_of(f->rule));
		next(out, str_of(kol_level_name(f->level)));
		next(out, str_of(kol_outcome_name(f->outcome)));
		next(out, f->shadow ? STR("true") : STR("false"));
		next(out, str_of(f->market));
		next(out, str_of(f->post));
		next(out, str_of(f->message));
		list_cells(out, f);
		buffer_char(out, ',');
		if (f->more > 0)
			buffer_int(out, f->more);
		buffer_z(out, "\r\n");
	}
}

static void csv_end(buffer *out, const report_run *run, const report_summary *sum) {
	(void)out;
	(void)run;
	(void)sum;
}

const report_format report_csv = {
    .name = "csv", .wants_creators = true, .begin = csv_begin, .render = csv_render, .between = "", .end = csv_end};
