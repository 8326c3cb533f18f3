/* report_json.c: NDJSON (its keys are a contract: design §6) and the same in one JSON document.
 * Uses base/json and parts. Knows nothing of rosters or Lua. */
#include "base/json.h"
#include "report/parts.h"

#define ADD(out, literal) buffer_add((out), (literal), sizeof(literal) - 1)

static void nullable(buffer *out, const char *z) {
	if (z)
		part_string(out, str_of(z));
	else
		ADD(out, "null");
}

static void run_object(buffer *out, const report_run *run) {
	ADD(out, "{\"type\":\"run\",\"v\":1,\"campaign\":");
	nullable(out, run->campaign);
	ADD(out, ",\"as_of\":");
	nullable(out, run->as_of);
	ADD(out, ",\"ruleset\":");
	nullable(out, run->ruleset);
	ADD(out, ",\"plan\":");
	nullable(out, run->plan);
	ADD(out, ",\"roster\":");
	nullable(out, run->roster);
	ADD(out, ",\"engine\":");
	nullable(out, run->engine);
	if (run->assumption_count)
		ADD(out, ",\"assumptions\":[");
	for (int i = 0; i < run->assumption_count; i++) {
		json_comma(out);
		nullable(out, run->assumptions[i]);
	}
	if (run->assumption_count)
		ADD(out, "]");
	ADD(out, "}");
}

static void optional(buffer *out, const char *key, str s) {
	if (!s.p)
		return;
	buffer_z(out, key);
	part_string(out, s);
}

static void write_evidence(buffer *out, const evidence *e) {
	ADD(out, "{\"field\":");
	part_string(out, e->field);
	ADD(out, ",\"start\":");
	buffer_int(out, e->start);
	ADD(out, ",\"end\":");
	buffer_int(out, e->end);
	ADD(out, ",\"text\":");
	part_string(out, e->text);
	ADD(out, ",\"lexicon\":");
	part_string(out, e->lexicon);
	ADD(out, ",\"term\":");
	part_string(out, e->term);
	if (e->disguised)
		ADD(out, ",\"disguised\":true");
	else
		ADD(out, ",\"disguised\":false");
	optional(out, ",\"reads_as\":", e->reads_as);
	optional(out, ",\"before\":", e->before);
	optional(out, ",\"after\":", e->after);
	optional(out, ",\"post\":", e->post);
	buffer_char(out, '}');
}

static void write_value(buffer *out, const finding_value *v) {
	part_string(out, v->name);
	buffer_char(out, ':');
	switch (v->kind) {
	case FINDING_NUMBER: part_number(out, v->num); return;
	case FINDING_TEXT: part_string(out, v->text); return;
	case FINDING_FLAG: json_bool(out, v->num != 0); return;
	case FINDING_RANGE:
		ADD(out, "{\"min\":");
		part_number(out, v->num);
		ADD(out, ",\"max\":");
		part_number(out, v->hi);
		buffer_char(out, '}');
	}
}

static void write_finding(buffer *out, const struct kol_finding *f) {
	static const str levels[] = {STR(",\"level\":\"note\",\"outcome\":\""), STR(",\"level\":\"review\",\"outcome\":\""),
	                             STR(",\"level\":\"reject\",\"outcome\":\"")};
	ADD(out, "{\"rule\":");
	part_string(out, str_of(f->rule));
	buffer_str(out, levels[f->level]);
	buffer_z(out, kol_outcome_name(f->outcome));
	ADD(out, "\",\"market\":");
	nullable(out, f->market);
	ADD(out, ",\"post\":");
	nullable(out, f->post);
	ADD(out, ",\"message\":");
	nullable(out, f->message);
	ADD(out, ",\"evidence\":[");
	for (int i = 0; i < f->evidence_count; i++) {
		if (i)
			buffer_char(out, ',');
		write_evidence(out, &f->evidence[i]);
	}
	ADD(out, "],\"values\":{");
	for (int i = 0; i < f->value_count; i++) {
		if (i)
			buffer_char(out, ',');
		write_value(out, &f->values[i]);
	}
	ADD(out, "},\"missing\":[");
	for (int i = 0; i < f->missing_count; i++) {
		if (i)
			buffer_char(out, ',');
		part_string(out, f->missing[i]);
	}
	ADD(out, "],\"waiver\":null");
	if (f->shadow)
		ADD(out, ",\"shadow\":true");
	if (f->more > 0) {
		ADD(out, ",\"more\":");
		buffer_int(out, f->more);
	}
	if (f->wall)
		ADD(out, ",\"wall\":true");
	buffer_char(out, '}');
}

static void verdict_object(buffer *out, const struct kol_verdict *v) {
	static const str decisions[] = {STR(",\"decision\":\"approve\",\"score\":{\"min\":"),
	                                STR(",\"decision\":\"review\",\"score\":{\"min\":"),
	                                STR(",\"decision\":\"reject\",\"score\":{\"min\":")};
	buffer_reserve(out, 512 + 512 * v->count); /* mostly enough: one growth, not ten */
	ADD(out, "{\"type\":\"verdict\",\"creator\":{\"platform\":");
	nullable(out, v->platform);
	ADD(out, ",\"handle\":");
	nullable(out, v->handle);
	ADD(out, ",\"external_id\":");
	nullable(out, v->external_id);
	ADD(out, "},\"campaign\":");
	nullable(out, v->campaign);
	buffer_str(out, decisions[v->decision]);
	part_points(out, v->score_min);
	ADD(out, ",\"max\":");
	part_points(out, v->score_max);
	ADD(out, "},\"findings\":[");
	for (size_t i = 0; i < v->count; i++) {
		if (i)
			buffer_char(out, ',');
		write_finding(out, v->findings[i]);
	}
	ADD(out, "]}");
}

static void count_unless_0(buffer *out, const char *key, int64_t n) {
	if (n) {
		json_key(out, key);
		buffer_int(out, n);
	}
}

static void rule_counts(buffer *out, const report_rule_counts *r) {
	if (!(r->fail || r->unknown || r->error || r->waived))
		return;
	json_key(out, r->id);
	buffer_char(out, '{');
	count_unless_0(out, "fail", r->fail);
	count_unless_0(out, "unknown", r->unknown);
	count_unless_0(out, "error", r->error);
	count_unless_0(out, "waived", r->waived);
	if (r->shadow)
		ADD(out, ",\"shadow\":true");
	buffer_char(out, '}');
}

static void summary_object(buffer *out, const report_summary *sum) {
	const kol_totals *t = &sum->totals;
	ADD(out, "{\"type\":\"summary\",\"creators\":");
	buffer_int(out, t->creators);
	ADD(out, ",\"approve\":");
	buffer_int(out, t->approve);
	ADD(out, ",\"review\":");
	buffer_int(out, t->review);
	ADD(out, ",\"reject\":");
	buffer_int(out, t->reject);
	ADD(out, ",\"errors\":");
	buffer_int(out, t->errors);
	ADD(out, ",\"rules\":{");
	for (int i = 0; i < sum->rule_count; i++)
		rule_counts(out, &sum->rules[i]);
	buffer_char(out, '}');
	count_unless_0(out, "wrong_type", sum->wrong_type);
	count_unless_0(out, "cut", sum->cut);
	count_unless_0(out, "killed", t->kills);
	buffer_char(out, '}');
}

static void ndjson_begin(buffer *out, const report_run *run) {
	run_object(out, run);
	buffer_char(out, '\n');
}

static void ndjson_render(buffer *out, const struct kol_verdict *v, const report_run *run) {
	(void)run;
	verdict_object(out, v);
	buffer_char(out, '\n');
}

static void ndjson_end(buffer *out, const report_run *run, const report_summary *sum) {
	(void)run;
	summary_object(out, sum);
	buffer_char(out, '\n');
}

static void json_begin(buffer *out, const report_run *run) {
	ADD(out, "{\"run\":");
	run_object(out, run);
	ADD(out, ",\n\"verdicts\":[\n");
}

static void json_render(buffer *out, const struct kol_verdict *v, const report_run *run) {
	(void)run;
	verdict_object(out, v);
}

static void json_end(buffer *out, const report_run *run, const report_summary *sum) {
	(void)run;
	ADD(out, "\n],\n\"summary\":");
	summary_object(out, sum);
	ADD(out, "}\n");
}

const report_format report_ndjson = {.name = "ndjson",
                                     .wants_creators = true,
                                     .begin = ndjson_begin,
                                     .render = ndjson_render,
                                     .between = "",
                                     .end = ndjson_end};
const report_format report_json = {.name = "json",
                                   .wants_creators = true,
                                   .begin = json_begin,
                                   .render = json_render,
                                   .between = ",\n",
                                   .end = json_end};
