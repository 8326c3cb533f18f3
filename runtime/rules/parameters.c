/* parameters.c: resolves parameters, levels and switches: rule → ruleset.lua → campaign → --set, the last one wins.
 * Uses ruleset and suggest. Knows nothing of where the overrides were read from. */
#include "rules/parameters.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/suggest.h"

static const char *const level_names[] = {"note", "review", "reject"};
static const char *const mode_names[] = {"on", "off", "shadow"};

static bool parse_number(str text, double *out) {
	char copy[64], *end;
	if (text.n == 0 || text.n >= sizeof copy ||
	    (text.p[0] != '-' && text.p[0] != '.' && (text.p[0] < '0' || text.p[0] > '9')))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = 0;
	*out = strtod(copy, &end);
	return end == copy + text.n && isfinite(*out);
}

static str trim(str s) {
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* "US, DE" → a list of the same kind as `like`. */
static kol_status parse_list(arena *a, str text, const value *like, value *out, kol_error *err) {
	int count = text.n ? 1 : 0;
	for (size_t i = 0; i < text.n; i++)
		count += text.p[i] == ',';
	str *texts = ARENA_ARRAY(a, str, count + 1);
	double *nums = ARENA_ARRAY(a, double, count + 1);
	if (!texts || !nums)
		return error_memory(err);
	size_t from = 0;
	for (int i = 0; i < count; i++) {
		const char *comma = memchr(text.p + from, ',', text.n - from);
		size_t to = comma ? (size_t)(comma - text.p) : text.n;
		texts[i] = arena_str(a, trim((str){text.p + from, to - from}));
		if (!texts[i].p)
			return error_memory(err);
		if (like->kind != KIND_TEXT && !parse_number(texts[i], &nums[i]))
			return error_set(err, KOL_E_RULE, "'%.*s' is not a number", STR_ARG(texts[i]));
		from = to + 1;
	}
	*out = *like;
	out->count = count;
	out->texts = texts;
	out->nums = nums;
	return KOL_OK;
}

kol_status parameters_parse(arena *a, str text, const value *like, value *out, kol_error *err) {
	text = trim(text);
	*out = *like;
	if (like->shape == VALUE_LIST)
		return parse_list(a, text, like, out, err);
	if (like->shape != VALUE_ONE)
		return error_set(err, KOL_E_RULE, "a table cannot be set from here; set it in ruleset.lua");
	switch (like->kind) {
	case KIND_TEXT: out->text = arena_str(a, text); return out->text.p || !text.p ? KOL_OK : error_memory(err);
	case KIND_FLAG:
		if (!str_is(text, "true") && !str_is(text, "false"))
			return error_set(err, KOL_E_RULE, "'%.*s' is neither true nor false", STR_ARG(text));
		out->num = str_is(text, "true");
		return KOL_OK;
	case KIND_NUMBER:
	case KIND_SHARE:
	case KIND_TIME:
	case KIND_MONEY: break;
	}
	if (!parse_number(text, &out->num))
		return error_set(err, KOL_E_RULE, "'%.*s' is not a number", STR_ARG(text));
	return KOL_OK;
}

typedef struct resolver {
	const struct kol_ruleset *ruleset;
	arena *memory;
	resolved *out;
	struct kol_problems *problems;
} resolver;

/* How the place of an override is told where it stands in no file. */
static void complain(resolver *r, const override *o, const char *sentence) {
	kol_error e;
	if (o->at.path)
		error_at(&e, KOL_E_RULE, o->at.path, o->at.line, 0, "%s", sentence);
	else
		error_set(&e, KOL_E_RULE, "%s: %s", o->at.rule ? o->at.rule : "override", sentence);
	problems_add(r->problems, &e);
}

static int word_index(str word, const char *const *names, int count) {
	for (int i = 0; i < count; i++)
		if (str_is(word, names[i]))
			return i;
	return -1;
}

static void bad_word(resolver *r, const override *o, str word, const char *what, const char *const *names, int count) {
	suggest s;
	char hint[128], sentence[512];
	suggest_begin(&s, word);
	for (int i = 0; i < count; i++)
		suggest_try(&s, str_of(names[i]));
	snprintf(sentence, sizeof sentence, "'%.*s' is no %s; write %s, %s or %s%s", STR_ARG(word), what, names[0],
	         names[1], names[2], suggest_text(&s, hint, sizeof hint));
	complain(r, o, sentence);
}

static const char *shape_name(const value *v) {
	if (v->shape == VALUE_LIST)
		return v->kind == KIND_TEXT ? "a list of texts" : "a list of numbers";
	return v->shape == VALUE_TABLE ? "a table" : kind_name(v->kind);
}

/* An override's value, in the kind of `like`. Values from the campaign and the command line are still text. */
static bool typed(resolver *r, const override *o, const char *id, const value *like, value *out) {
	char sentence[700];
	bool text_source = !o->at.path;
	if (text_source) {
		kol_error e;
		if (parameters_parse(r->memory, o->v.text, like, out, &e) == KOL_OK)
			return true;
		snprintf(sentence, sizeof sentence, "%.200s.%.*s is %s: %.300s", id, STR_ARG(o->name), shape_name(like),
		         e.message);
		complain(r, o, sentence);
		return false;
	}
	bool same =
	    o->v.shape == like->shape && (o->v.kind == like->kind || (o->v.kind != KIND_TEXT && o->v.kind != KIND_FLAG &&
	                                                              like->kind != KIND_TEXT && like->kind != KIND_FLAG));
	if (!same) {
		snprintf(sentence, sizeof sentence, "%s: '%.*s' must be %s, as in the rule; it is %s", id, STR_ARG(o->name),
		         shape_name(like), shape_name(&o->v));
		complain(r, o, sentence);
		return false;
	}
	*out = o->v;
	return true;
}

static str parameter_name(str name) {
	if (name.n > 4 && memcmp(name.p, "set.", 4) == 0)
		return (str){name.p + 4, name.n - 4};
	return name;
}

static bool set_parameter(resolver *r, const override *o, int at, enum set_by by) {
	resolved *out = &r->out[at];
	str name = parameter_name(o->name);
	for (int i = 0; i < out->set.count; i++) {
		named_value *item = &out->set.items[i];
		if (!str_eq(item->name, name))
			continue;
		value v;
		if (typed(r, o, r->ruleset->rules[at].id, &r->ruleset->rules[at].set.items[i].v, &v)) {
			item->v = v;
			out->set_by[i] = (unsigned char)by;
		}
		return true;
	}
	return false;
}

/* level, weight, bonus and mode. False: the name is none of these. */
static bool set_switch(resolver *r, const override *o, int at) {
	resolved *out = &r->out[at];
	const char *id = r->ruleset->rules[at].id;
	value word = {.shape = VALUE_ONE, .kind = KIND_TEXT}, points = {.shape = VALUE_ONE, .kind = KIND_NUMBER}, v;
	if (str_is(o->name, "level")) {
		if (!typed(r, o, id, &word, &v))
			return true;
		int level = word_index(v.text, level_names, 3);
		if (level < 0)
			bad_word(r, o, v.text, "level", level_names, 3);
		else
			out->level = (kol_level)level;
	} else if (str_is(o->name, "mode")) {
		if (!typed(r, o, id, &word, &v))
			return true;
		int mode = word_index(v.text, mode_names, 3);
		if (mode < 0)
			bad_word(r, o, v.text, "mode", mode_names, 3);
		else
			out->mode = (enum mode)mode;
	} else if (str_is(o->name, "weight") || str_is(o->name, "bonus")) {
		if (!typed(r, o, id, &points, &v))
			return true;
		if (!(v.num >= 0 && v.num <= 100))
			complain(r, o, "points lie between 0 and 100");
		else if (str_is(o->name, "weight"))
			out->weight = v.num;
		else
			out->bonus = v.num;
	} else {
		return false;
	}
	return true;
}

static void unknown_name(resolver *r, const override *o, int at) {
	suggest s;
	char hint[128], sentence[512];
	str name = parameter_name(o->name);
	suggest_begin(&s, name);
	for (int i = 0; i < r->out[at].set.count; i++)
		suggest_try(&s, r->out[at].set.items[i].name);
	static const char *const switches[] = {"level", "weight", "bonus", "mode"};
	for (int i = 0; i < 4; i++)
		suggest_try(&s, str_of(switches[i]));
	snprintf(sentence, sizeof sentence, "rule '%s' has no parameter '%.*s'%s", r->ruleset->rules[at].id, STR_ARG(name),
	         suggest_text(&s, hint, sizeof hint));
	complain(r, o, sentence);
}

static void unknown_rule(resolver *r, const override *o) {
	suggest s;
	char hint[128], sentence[512];
	suggest_begin(&s, o->id);
	for (int i = 0; i < r->ruleset->rule_count; i++)
		suggest_try(&s, str_of(r->ruleset->rules[i].id));
	snprintf(sentence, sizeof sentence, "there is no rule '%.*s'%s", STR_ARG(o->id),
	         suggest_text(&s, hint, sizeof hint));
	complain(r, o, sentence);
}

/* What one rule is given stands together, and is told once. While a file did not load, the rule may stand in it. */
static bool tells_unknown(const resolver *r, const override *list, int i) {
	bool again = i > 0 && list[i].at.path && list[i - 1].at.path && str_eq(list[i].id, list[i - 1].id);
	return !again && !r->ruleset->problems.count;
}

static void apply(resolver *r, const override *list, int count, enum set_by by) {
	for (int i = 0; i < count; i++) {
		const override *o = &list[i];
		bool glob = o->id.n && memchr(o->id.p, '*', o->id.n);
		int matched = 0, taken = 0, last = -1;
		for (int at = 0; at < r->ruleset->rule_count; at++) {
			if (!str_glob(o->id, str_of(r->ruleset->rules[at].id)))
				continue;
			matched++;
			last = at;
			taken += set_parameter(r, o, at, by) || set_switch(r, o, at);
		}
		if (!matched && tells_unknown(r, list, i))
			unknown_rule(r, o);
		else if (matched && !taken && !(glob && matched > 1))
			unknown_name(r, o, last);
		else if (matched && !taken)
			complain(r, o, "none of the rules this stands for has such a parameter");
	}
}

void parameters_resolve(const struct kol_ruleset *ruleset, const override *campaign, int campaign_count,
                        const override *command, int command_count, arena *a, resolved *out,
                        struct kol_problems *problems) {
	resolver r = {ruleset, a, out, problems};
	for (int i = 0; i < ruleset->rule_count; i++) {
		const rule *it = &ruleset->rules[i];
		out[i] = (resolved){.level = it->level, .weight = it->weight, .bonus = it->bonus, .mode = it->mode};
		out[i].set.count = it->set.count;
		out[i].set.items = ARENA_ARRAY(a, named_value, it->set.count + 1);
		out[i].set_by = ARENA_ARRAY(a, unsigned char, it->set.count + 1);
		if (!out[i].set.items || !out[i].set_by) {
			problems->out_of_memory = true;
			return;
		}
		if (it->set.count)
			memcpy(out[i].set.items, it->set.items, sizeof(named_value) * (size_t)it->set.count);
	}
	apply(&r, ruleset->overrides, ruleset->override_count, SET_BY_TEAM);
	apply(&r, campaign, campaign_count, SET_BY_CAMPAIGN);
	apply(&r, command, command_count, SET_BY_COMMAND);
	for (int i = 0; i < ruleset->rule_count; i++) {
		kol_level most = out[i].level < KOL_LEVEL_REVIEW ? out[i].level : KOL_LEVEL_REVIEW;
		out[i].unknown_level = ruleset->rules[i].unknown < 0 ? most : (kol_level)ruleset->rules[i].unknown;
		if (isnan(out[i].weight))
			out[i].weight = policy_default_weight(out[i].level);
	}
}
