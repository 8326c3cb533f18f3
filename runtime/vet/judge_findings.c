/* judge_findings.c: tells what the rules found: findings with message, values and what is missing, and the verdict they
 * make. Runs only where somebody reads the findings. Everything told lives in the batch's arena. */
#include <math.h>
#include <stdlib.h>

#include "vet/judging.h"

static const resolved *resolved_of(const judge *j, int i) { return &j->plan->resolved[j->plan->instances[i].rule]; }

static kol_level told_level(const judge *j, int i, kol_outcome o, kol_level fail_level) {
	if (o == KOL_FAIL)
		return fail_level;
	return o == KOL_ERROR ? KOL_LEVEL_REVIEW : resolved_of(j, i)->unknown_level;
}

/* A new finding at the end of the creator's list; rule_index is the instance until the verdict is made. */
static struct kol_finding *add(judge *j, int i, int creator, kol_outcome o, kol_level fail_level) {
	const instance *it = &j->plan->instances[i];
	struct kol_finding *f = ARENA_NEW(&j->memory, struct kol_finding);
	if (!f)
		return NULL;
	f->rule = j->plan->ruleset->rules[it->rule].id;
	f->title = j->plan->ruleset->rules[it->rule].title;
	f->rule_index = i;
	f->outcome = o;
	f->level = told_level(j, i, o, fail_level);
	f->shadow = resolved_of(j, i)->mode == MODE_SHADOW;
	f->market = it->market && it->market[0] ? it->market : NULL;
	f->message = "";
	if (j->last[creator])
		j->last[creator]->next = f;
	else
		j->first[creator] = f;
	j->last[creator] = f;
	return f;
}

static void remove_finding(judge *j, int creator, struct kol_finding *gone) {
	struct kol_finding *before = NULL;
	for (struct kol_finding *f = j->first[creator]; f && f != gone; f = f->next)
		before = f;
	if (before)
		before->next = gone->next;
	else
		j->first[creator] = gone->next;
	if (j->last[creator] == gone)
		j->last[creator] = before;
}

bool findings_room(judge *j, int i, int creator, kol_outcome o) {
	size_t cell = (size_t)creator * (size_t)j->plan->instance_count + (size_t)i;
	if (j->listed[cell] < POST_FINDINGS_MOST) {
		j->listed[cell]++;
		return true;
	}
	j->more[cell]++;
	struct kol_finding *milder = NULL; /* the last listed one that is milder gives way */
	for (struct kol_finding *f = j->first[creator]; f; f = f->next)
		if (f->rule_index == i && f->outcome < o && (!milder || f->outcome <= milder->outcome))
			milder = f;
	if (milder)
		remove_finding(j, creator, milder);
	return milder != NULL;
}

static char *text_of(judge *j, str s) { return arena_text(&j->memory, s.p ? s.p : "", s.n); }

static finding_value value_of(const told *t) {
	finding_value v = {.name = t->name, .kind = FINDING_NUMBER, .num = t->lo, .hi = t->hi, .text = t->text};
	if (t->is_text)
		v.kind = FINDING_TEXT;
	else if (t->is_flag)
		v.kind = FINDING_FLAG;
	else if (!(t->lo == t->hi) && !isnan(t->lo))
		v.kind = FINDING_RANGE;
	return v;
}

static bool is_missing(const told *t) { return t->is_text ? !t->text.p : isnan(t->lo); }

/* "not known without a, b and c: …": what a person has to look for comes first. */
static char *unknown_message(judge *j, const char *what, const str *missing, int count, str details) {
	buffer *b = &j->text;
	buffer_clear(b);
	buffer_z(b, what);
	for (int k = 0; k < count && k < 5; k++) {
		buffer_z(b, k == 0 ? " without " : k + 1 == count ? " and " : ", ");
		buffer_str(b, missing[k]);
	}
	if (details.n)
		buffer_z(b, ": ");
	buffer_str(b, details);
	return b->failed ? NULL : arena_text(&j->memory, b->p, b->n);
}

/* What the texts say that the condition rests on. Texts of the creator's rows are gone: the rows are walked again. */
static kol_status cite(judge *j, struct kol_finding *found, explanation *e, int creator, kol_error *err) {
	kol_status status = KOL_OK;
	for (int t = 0; t < TABLE_CAMPAIGN && !status; t++) {
		if (!(e->tables & 1u << t))
			continue;
		frame *f = &j->quoted[t];
		if (!f->columns)
			status = frame_init(f, (enum table)t, &j->plan->catalogue, &j->plan->want, err);
		if (!status)
			status = cursor_rows_of(j->session_cursor, (enum table)t, &j->frames[TABLE_CREATOR], creator, err);
		while (!status && !(status = cursor_chunk(j->session_cursor, f, err)) && f->rows)
			status = scan_quote(j->scan, f, &j->memory, e, err);
	}
	if (status || !e->quote_count)
		return status;
	found->evidence = ARENA_ARRAY(&j->memory, evidence, e->quote_count);
	if (!found->evidence)
		return error_memory(err);
	for (int i = 0; i < e->quote_count; i++) {
		const citation *c = &e->quotes[i];
		found->evidence[found->evidence_count++] = (evidence){.field = c->field,
		                                                      .post = c->post,
		                                                      .lexicon = str_of(c->at.lexicon),
		                                                      .term = c->at.term,
		                                                      .before = c->before,
		                                                      .text = c->text,
		                                                      .after = c->after,
		                                                      .start = (int64_t)c->at.start,
		                                                      .end = (int64_t)c->at.end,
		                                                      .disguised = c->at.disguised,
		                                                      .reads_as = c->at.reads_as};
	}
	return KOL_OK;
}

kol_status findings_explain(judge *j, int i, int program, bool whether, const frame *f, int row, kol_outcome outcome,
                            kol_error *err) {
	bool posts = f->table == TABLE_POST;
	const rule *r = &j->plan->ruleset->rules[j->plan->instances[i].rule];
	struct kol_finding *found = add(j, i, posts ? f->owner[row] : row, outcome, resolved_of(j, i)->level);
	explanation e = {0};
	if (!found)
		return error_memory(err);
	str say = outcome == KOL_FAIL && !whether ? r->say : (str){NULL, 0};
	str limit = outcome == KOL_ERROR ? scan_limit_told(j->scan, program, f, row, &j->memory) : (str){NULL, 0};
	kol_status status = scan_explain(j->scan, program, f, row, say, &j->memory, &e, err);
	if (!status && outcome == KOL_FAIL)
		status = cite(j, found, &e, posts ? f->owner[row] : row, err);
	if (status)
		return status;
	found->message = outcome == KOL_ERROR ? text_of(j, limit)
	                 : outcome == KOL_UNKNOWN
	                     ? unknown_message(j, whether ? "whether this applies is not known" : "not known", e.missing,
	                                       e.missing_count, e.message)
	                     : text_of(j, e.message);
	found->post = posts ? text_of(j, f->key[row]) : NULL;
	found->values = ARENA_ARRAY(&j->memory, finding_value, e.value_count + 1);
	if (!found->message || !found->values || (posts && !found->post))
		return error_memory(err);
	for (int k = 0; k < e.value_count; k++)
		if (!is_missing(&e.values[k]))
			found->values[found->value_count++] = value_of(&e.values[k]);
	found->missing = e.missing;
	found->missing_count = e.missing_count;
	return KOL_OK;
}

kol_status findings_from_call(judge *j, int i, int creator, const char *post, const call_result *r, kol_level level,
                              kol_error *err) {
	struct kol_finding *f = add(j, i, creator, r->outcome, level);
	if (!f)
		return error_memory(err);
	f->post = post;
	bool unknown = r->outcome == KOL_UNKNOWN && r->missing_count > 0;
	f->message = unknown ? unknown_message(j, "not known", r->missing, r->missing_count, (str){NULL, 0})
	                     : text_of(j, r->message);
	f->evidence = r->evidence;
	f->evidence_count = r->evidence_count;
	f->values = r->values;
	f->value_count = r->value_count;
	f->missing = r->missing;
	f->missing_count = r->missing_count;
	return f->message ? KOL_OK : error_memory(err);
}

kol_status findings_say(judge *j, int i, int creator, kol_outcome outcome, const char *message, const char *missing,
                        bool wall, kol_error *err) {
	struct kol_finding *f = add(j, i, creator, outcome, KOL_NOTE);
	if (!f)
		return error_memory(err);
	f->message = message;
	f->wall = wall;
	if (missing) {
		f->missing = ARENA_NEW(&j->memory, str);
		if (!f->missing)
			return error_memory(err);
		f->missing[0] = str_of(missing);
		f->missing_count = 1;
	}
	return KOL_OK;
}

int findings_judged(judge *j, int row, judged *out, int *rules) {
	const kol_plan *p = j->plan;
	const unsigned char *outcomes = j->outcomes + (size_t)row * (size_t)p->instance_count;
	const unsigned char *levels = j->levels + (size_t)row * (size_t)p->instance_count;
	int count = 0;
	for (int i = 0; i < p->instance_count; i++) {
		int at = p->instances[i].rule;
		const resolved *r = &p->resolved[at];
		kol_outcome o = (kol_outcome)outcomes[i];
		kol_level level = (kol_level)levels[i]; /* what the outcome asks for */
		if (count && rules[count - 1] == at) {  /* another market of the same rule: the worst counts */
			judged *same = &out[count - 1];
			if (o > same->outcome ? o != KOL_SKIP : same->outcome == KOL_SKIP)
				same->outcome = o;
			if (level > same->level)
				same->level = level;
			continue;
		}
		rules[count] = at;
		out[count++] = (judged){.outcome = o,
		                        .level = level,
		                        .unknown_level = r->unknown_level,
		                        .shadow = r->mode == MODE_SHADOW,
		                        .weight = r->weight,
		                        .bonus = r->bonus};
	}
	return count;
}

/* Findings by instance (rule id, then market), otherwise as they came: posts in order of their ids. */
static bool sort_findings(judge *j, int row, size_t *count) {
	size_t n = 0;
	for (const struct kol_finding *f = j->first[row]; f; f = f->next) {
		if (n == (size_t)j->sorted_capacity) {
			int more = j->sorted_capacity ? j->sorted_capacity * 2 : 64;
			const struct kol_finding **grown = realloc(j->sorted, sizeof(*grown) * (size_t)more);
			if (!grown)
				return false;
			j->sorted = grown;
			j->sorted_capacity = more;
		}
		size_t at = n++;
		for (; at > 0 && j->sorted[at - 1]->rule_index > f->rule_index; at--)
			j->sorted[at] = j->sorted[at - 1];
		j->sorted[at] = f;
	}
	*count = n;
	return true;
}

kol_status findings_verdict(judge *j, int row, kol_decision decision, double min, double max, struct kol_verdict *v,
                            kol_error *err) {
	const identity *who = &j->who[row];
	size_t count = 0;
	if (!sort_findings(j, row, &count))
		return error_memory(err);
	for (size_t k = 0; j->posts && k < count; k++) {
		struct kol_finding *f = (struct kol_finding *)(uintptr_t)j->sorted[k];
		bool last = k + 1 == count || j->sorted[k + 1]->rule_index != f->rule_index;
		if (last)
			f->more = j->more[(size_t)row * (size_t)j->plan->instance_count + (size_t)f->rule_index];
	}
	*v = (struct kol_verdict){.campaign = j->plan->campaign_id,
	                          .platform = text_of(j, who->platform),
	                          .handle = text_of(j, who->handle),
	                          .external_id = who->external_id.p ? text_of(j, who->external_id) : NULL,
	                          .decision = decision,
	                          .score_min = min,
	                          .score_max = max,
	                          .findings = j->sorted,
	                          .count = count};
	return v->platform && v->handle ? KOL_OK : error_memory(err);
}
