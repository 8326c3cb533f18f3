/* plan.c: binds a ruleset to a roster and a campaign: parameters resolved, conditions compiled, fields chosen.
 * Uses campaign, catalogue, parameters, condition and script. Knows nothing of workers. */
#include "vet/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "base/suggest.h"
#include "roster/campaign.h"
#include "roster/catalogue.h"
#include "roster/db.h"
#include "text/regex.h"

typedef struct maker {
	struct kol_plan *plan;
	sqlite3 *db;
	const kol_plan_options *options;
	struct kol_problems *problems;
	campaign campaign;
	override *campaign_set, *command_set;
	int campaign_count, command_count;
	rates *fx; /* in the plan's memory: programs point at it */
	const char **rule_ids;
} maker;

static value text_value(str text) {
	return (value){.shape = text.p ? VALUE_ONE : VALUE_MISSING, .kind = KIND_TEXT, .text = text};
}

/* campaign.x: the row's fields, the lists, and the brand's name. A campaign without markets has them missing;
 * its other lists are simply empty. */
static kol_status campaign_values(maker *m, kol_error *err) {
	struct kol_plan *p = m->plan;
	const catalogue *c = &p->catalogue;
	int fields = c->count[TABLE_CAMPAIGN], count = 0;
	named_value *items = ARENA_ARRAY(&p->memory, named_value, fields + LIST_COUNT + 1);
	if (!items)
		return error_memory(err);
	str currency = {NULL, 0};
	int at = catalogue_find(c, TABLE_CAMPAIGN, STR("currency"));
	if (at >= 0)
		currency = m->campaign.cells[at].text;
	for (int i = 0; i < fields; i++) {
		const field *f = &c->fields[TABLE_CAMPAIGN][i];
		const campaign_cell *cell = &m->campaign.cells[i];
		value v = text_value(cell->text);
		if (f->kind != KIND_TEXT)
			v = (value){.shape = isnan(cell->num) ? VALUE_MISSING : VALUE_ONE, .kind = f->kind, .num = cell->num};
		if (f->kind == KIND_MONEY)
			v.currency = currency;
		items[count++] = (named_value){str_of(f->name), v};
	}
	for (int i = 0; i < LIST_COUNT; i++) {
		bool missing = i == LIST_MARKETS && m->campaign.list_count[i] == 0;
		value v = {.shape = missing ? VALUE_MISSING : VALUE_LIST, .kind = KIND_TEXT};
		v.count = m->campaign.list_count[i];
		v.texts = m->campaign.lists[i];
		items[count++] = (named_value){str_of(campaign_list_names[i]), v};
	}
	items[count++] = (named_value){STR("brand"), text_value(str_of(m->campaign.brand))};
	p->campaign = (values){items, count};
	return KOL_OK;
}

static kol_status campaign_settings(maker *m, kol_error *err) {
	arena *a = &m->plan->memory;
	m->campaign_count = m->campaign.override_count;
	m->campaign_set = ARENA_ARRAY(a, override, m->campaign_count + 1);
	m->fx = ARENA_ARRAY(a, rates, 1);
	rate *items = ARENA_ARRAY(a, rate, m->campaign.rate_count + 1);
	if (!m->campaign_set || !m->fx || !items)
		return error_memory(err);
	char *who = arena_printf(a, "campaign '%s'", m->campaign.id);
	for (int i = 0; i < m->campaign_count; i++) {
		const campaign_override *o = &m->campaign.overrides[i];
		m->campaign_set[i] = (override){.id = o->rule_id, .name = o->name, .v = text_value(o->value), .at.rule = who};
	}
	for (int i = 0; i < m->campaign.rate_count; i++)
		items[i] = (rate){m->campaign.rates[i].currency, m->campaign.rates[i].rate};
	*m->fx = (rates){items, m->campaign.rate_count};
	return KOL_OK;
}

/* --set id.name=value: an id has no dot. */
static kol_status command_settings(maker *m, kol_error *err) {
	arena *a = &m->plan->memory;
	m->command_count = (int)m->options->set_count;
	m->command_set = ARENA_ARRAY(a, override, m->command_count + 1);
	if (!m->command_set)
		return error_memory(err);
	for (int i = 0; i < m->command_count; i++) {
		const char *text = m->options->set[i];
		const char *equals = strchr(text, '='), *dot = strchr(text, '.');
		if (!equals || !dot || dot > equals || dot == text || dot + 1 == equals)
			return error_set(err, KOL_E_USAGE, "--set '%s' is not understood; write --set rule-id.parameter=value",
			                 text);
		override *o = &m->command_set[i];
		o->id = arena_str(a, (str){text, (size_t)(dot - text)});
		o->name = arena_str(a, (str){dot + 1, (size_t)(equals - dot - 1)});
		o->v = text_value(arena_str(a, str_of(equals + 1)));
		o->at.rule = arena_printf(a, "--set %s", text);
		if (!o->id.p || !o->name.p || !o->v.text.p || !o->at.rule)
			return error_memory(err);
	}
	return KOL_OK;
}

static const value *market_value(maker *m, const char *market) {
	value *v = ARENA_NEW(&m->plan->memory, value);
	if (v)
		*v = text_value(str_of(market));
	return v;
}

/* Compiles one instance of a rule. say is checked against the need it speaks of. */
static bool add_instance(maker *m, int at, const char *market) {
	struct kol_plan *p = m->plan;
	const rule *r = &p->ruleset->rules[at];
	instance *it = &p->instances[p->instance_count];
	*it = (instance){.rule = at, .market = market, .need = -1, .when = -1};
	scope s = {.catalogue = &p->catalogue,
	           .rows = r->each == EACH_POST ? TABLE_POST : TABLE_CREATOR,
	           .campaign = &p->campaign,
	           .set = &p->resolved[at].set,
	           .market = market ? market_value(m, market) : NULL,
	           .lookups = &p->ruleset->lookups,
	           .fx = m->fx,
	           .as_of = p->as_of,
	           .assume = p->ruleset->assume,
	           .rule_ids = m->rule_ids,
	           .rule_count = p->ruleset->rule_count,
	           .lexicons = p->lexicons,
	           .lexicon_count = p->lexicon_count,
	           .asked = p->asked,
	           .advice = &p->advice};
	int before = m->problems->count;
	if (r->when)
		it->when = conditions_add(p->conditions, r->when, &s, &p->want, m->problems);
	if (r->need) {
		it->need = conditions_add(p->conditions, r->need, &s, &p->want, m->problems);
		if (it->need >= 0 && r->say.p)
			conditions_check_say(p->conditions, it->need, r->say, r->say_at, m->problems);
	}
	if (m->problems->count != before)
		return false;
	it->second_pass = (it->need >= 0 && conditions_second_pass(p->conditions, it->need)) ||
	                  (it->when >= 0 && conditions_second_pass(p->conditions, it->when));
	bool sums = (it->need >= 0 && conditions_sums(p->conditions, it->need)) ||
	            (it->when >= 0 && conditions_sums(p->conditions, it->when));
	it->streams = r->each == EACH_POST && !sums && !it->second_pass;
	p->instance_count++;
	return true;
}

static kol_status make_instances(maker *m, kol_error *err) {
	struct kol_plan *p = m->plan;
	const struct kol_ruleset *rs = p->ruleset;
	int markets = m->campaign.list_count[LIST_MARKETS];
	size_t most = 0;
	for (int i = 0; i < rs->rule_count; i++)
		most += rs->rules[i].each == EACH_MARKET && markets ? (size_t)markets : 1;
	p->instances = ARENA_ARRAY(&p->memory, instance, most + 1);
	m->rule_ids = ARENA_ARRAY(&p->memory, const char *, rs->rule_count + 1);
	if (!p->instances || !m->rule_ids)
		return error_memory(err);
	for (int i = 0; i < rs->rule_count; i++)
		m->rule_ids[i] = rs->rules[i].id;
	for (int i = 0; i < rs->rule_count; i++) {
		const rule *r = &rs->rules[i];
		if (r->check) {
			script_wants(rs->script, r, &p->catalogue, &p->want);
			if (!script_asks(rs->script, r, p->lexicons, p->lexicon_count, p->asked))
				return error_memory(err);
			script_check(rs->script, r, &p->catalogue, &p->campaign, m->problems);
		}
		if (r->each != EACH_MARKET) {
			add_instance(m, i, NULL);
			continue;
		}
		/* Without markets the rule is still type-checked, and its outcome is unknown: no market is known. */
		if (!markets)
			add_instance(m, i, "");
		for (int k = 0; k < markets; k++)
			if (!add_instance(m, i, m->campaign.lists[LIST_MARKETS][k].p))
				break;
	}
	return KOL_OK;
}

/* Coverage is read where rows are counted, where posts are asked one by one, and where functions may ask for rows; how
 * far back it must reach depends on when the creator joined. */
static bool want_joined(struct kol_plan *p) {
	bool covered = conditions_covered(p->conditions) != 0;
	int joined_at = catalogue_find(&p->catalogue, TABLE_CREATOR, STR("joined_at"));
	for (int i = 0; i < p->instance_count; i++) {
		const rule *r = &p->ruleset->rules[p->instances[i].rule];
		covered |= r->check || r->each == EACH_POST;
	}
	return !covered || joined_at < 0 || fetch_want(&p->want, TABLE_CREATOR, joined_at) >= 0;
}

/* Rules that are switched off were type-checked with the others; from here on they do not run. */
static void drop_switched_off(struct kol_plan *p) {
	int kept = 0;
	for (int i = 0; i < p->instance_count; i++)
		if (p->resolved[p->instances[i].rule].mode != MODE_OFF)
			p->instances[kept++] = p->instances[i];
	p->instance_count = kept;
}

static int compare_ids(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static kol_status select_creators(maker *m, kol_error *err) {
	struct kol_plan *p = m->plan;
	const kol_plan_options *o = m->options;
	p->who = (selection){.how = o->enrolled ? SELECT_ENROLLED : SELECT_ALL, .campaign = p->campaign_id};
	if (!o->creators_count)
		return o->roster ? campaign_somebody(m->db, p->campaign_id, o->enrolled, err) : KOL_OK;
	if (o->enrolled)
		return error_set(err, KOL_E_USAGE, "--creator and --enrolled exclude each other; leave one out");
	int64_t *ids = ARENA_ARRAY(&p->memory, int64_t, o->creators_count);
	if (!ids)
		return error_memory(err);
	for (size_t i = 0; i < o->creators_count; i++) {
		kol_status status = campaign_creator(m->db, o->creators[i], &ids[i], err);
		if (status)
			return status;
	}
	qsort(ids, o->creators_count, sizeof *ids, compare_ids);
	int64_t count = 0;
	for (size_t i = 0; i < o->creators_count; i++)
		if (count == 0 || ids[count - 1] != ids[i])
			ids[count++] = ids[i];
	p->who = (selection){.how = SELECT_IDS, .ids = ids, .count = count};
	return KOL_OK;
}

static bool add_terms(arena *a, lexicon *l, const str *terms, int count) {
	for (int i = 0; i < count; i++)
		if (terms[i].n && !lexicon_add(a, l, (term){.text = terms[i], .weight = 1}))
			return false;
	return true;
}

/* The name of the campaign's brand and its other names. */
static bool add_brand(maker *m, lexicon *l) {
	str name = str_of(m->campaign.brand);
	return add_terms(&m->plan->memory, l, &name, name.n ? 1 : 0) &&
	       add_terms(&m->plan->memory, l, m->campaign.lists[LIST_ALIASES], m->campaign.list_count[LIST_ALIASES]);
}

/* The ruleset's lexicons, with the campaign's words in those that are the campaign's; and the brand. */
static kol_status make_lexicons(maker *m, kol_error *err) {
	struct kol_plan *p = m->plan;
	const struct kol_ruleset *rs = p->ruleset;
	p->lexicons = ARENA_ARRAY(&p->memory, lexicon, rs->lexicon_count + 1);
	p->asked = inquiry_new(&p->memory);
	if (!p->lexicons || !p->asked)
		return error_memory(err);
	for (int i = 0; i < rs->lexicon_count; i++) {
		const declared_lexicon *d = &rs->lexicons[i];
		lexicon *l = &p->lexicons[p->lexicon_count++];
		*l = d->words;
		if (!d->from)
			continue;
		bool fine = true;
		l->terms = NULL; /* the ruleset's stay as they are */
		l->count = l->capacity = 0;
		for (int k = 0; k < d->words.count && fine; k++)
			fine = lexicon_add(&p->memory, l, d->words.terms[k]);
		if (!strcmp(d->from, "brand"))
			fine = fine && add_brand(m, l);
		for (int k = 0; k < LIST_COUNT && fine; k++)
			if (!strcmp(d->from, campaign_list_names[k]))
				fine = add_terms(&p->memory, l, m->campaign.lists[k], m->campaign.list_count[k]);
		if (!fine)
			return error_memory(err);
	}
	lexicon *brand = &p->lexicons[p->lexicon_count];
	brand->name = "campaign.brand";
	return add_brand(m, brand) && (!brand->count || inquiry_brand(p->asked, brand)) ? KOL_OK : error_memory(err);
}

static kol_status resolve(maker *m, kol_error *err) {
	struct kol_plan *p = m->plan;
	p->resolved = ARENA_ARRAY(&p->memory, resolved, p->ruleset->rule_count + 1);
	p->conditions = conditions_new(&p->memory);
	if (!p->resolved || !p->conditions)
		return error_memory(err);
	for (int i = 0; i < p->ruleset->problems.count; i++)
		problems_add(m->problems, &p->ruleset->problems.items[i]);
	parameters_resolve(p->ruleset, m->campaign_set, m->campaign_count, m->command_set, m->command_count, &p->memory,
	                   p->resolved, m->problems);
	if (m->problems->out_of_memory)
		return error_memory(err);
	kol_status status = make_lexicons(m, err);
	if (!status)
		status = make_instances(m, err);
	if (status)
		return status;
	drop_switched_off(p);
	if (!m->problems->count && !p->instance_count && (m->options->roster || !p->ruleset->rule_count))
		return error_set(err, KOL_E_USAGE,
		                 p->ruleset->rule_count ? "every rule in '%s' is switched off, so nobody can be judged"
		                                        : "there are no rules in '%s'; rule files end in .lua",
		                 p->ruleset->folder);
	if (!want_joined(p))
		return error_memory(err);
	if (m->problems->out_of_memory)
		return error_memory(err);
	if (!m->problems->count)
		status = inquiry_build(p->asked, p->ruleset->stock, m->problems, err);
	if (status)
		return status;
	if (m->problems->count) {
		problems_sort(m->problems);
		*err = m->problems->items[0];
		return KOL_E_RULE;
	}
	return KOL_OK;
}

static kol_status state_assumptions(struct kol_plan *p, kol_error *err) {
	static const char *const kept[COVERED_COUNT] = {"posts", "comments", "partnerships", "history", "credentials"};
	const char **list = ARENA_ARRAY(&p->memory, const char *, COVERED_COUNT);
	if (!list)
		return error_memory(err);
	for (int i = 0; i < COVERED_COUNT; i++)
		if (p->ruleset->assume & 1u << i)
			list[p->assumption_count++] = arena_printf(&p->memory, "the roster's %s are complete", kept[i]);
	p->assumptions = list;
	return KOL_OK;
}

static void add_value(sha256 *h, const value *v) {
	char kind[2] = {(char)('0' + v->shape), (char)('0' + v->kind)};
	sha256_add(h, kind, 2);
	if (v->shape == VALUE_ONE && v->kind == KIND_TEXT)
		sha256_str(h, v->text);
	else if (v->shape == VALUE_ONE)
		sha256_add(h, &v->num, sizeof v->num);
	sha256_str(h, v->currency);
	for (int i = 0; v->shape == VALUE_LIST && i < v->count; i++) {
		if (v->kind == KIND_TEXT)
			sha256_str(h, v->texts[i]);
		else
			sha256_add(h, &v->nums[i], sizeof v->nums[i]);
	}
	for (int i = 0; v->shape == VALUE_TABLE && i < v->count; i++) {
		sha256_str(h, v->members[i].name);
		add_value(h, &v->members[i].v);
	}
}

/* Everything an answer depends on besides the creators and the date. */
static void fingerprint(maker *m) {
	struct kol_plan *p = m->plan;
	sha256 h;
	sha256_begin(&h);
	sha256_str(&h, STR(KOL_VERSION));
	sha256_str(&h, str_of(p->ruleset->fingerprint));
	sha256_str(&h, str_of(p->campaign_id));
	for (int i = 0; i < p->campaign.count; i++) {
		sha256_str(&h, p->campaign.items[i].name);
		add_value(&h, &p->campaign.items[i].v);
	}
	for (int i = 0; i <= p->lexicon_count; i++)
		for (int k = 0; k < p->lexicons[i].count; k++)
			sha256_str(&h, p->lexicons[i].terms[k].text);
	for (int i = 0; i < m->fx->count; i++) {
		sha256_str(&h, m->fx->items[i].currency);
		sha256_add(&h, &m->fx->items[i].rate, sizeof m->fx->items[i].rate);
	}
	for (int i = 0; i < p->ruleset->rule_count; i++) {
		const resolved *r = &p->resolved[i];
		char levels[3] = {(char)r->level, (char)r->unknown_level, (char)r->mode};
		sha256_str(&h, str_of(p->ruleset->rules[i].id));
		sha256_add(&h, levels, sizeof levels);
		sha256_add(&h, &r->weight, sizeof r->weight);
		sha256_add(&h, &r->bonus, sizeof r->bonus);
		for (int k = 0; k < r->set.count; k++)
			add_value(&h, &r->set.items[k].v);
	}
	for (int t = 0; t < TABLE_COUNT; t++)
		for (int i = 0; i < p->catalogue.count[t]; i++) {
			char kind = (char)p->catalogue.fields[t][i].kind;
			sha256_str(&h, str_of(p->catalogue.fields[t][i].name));
			sha256_add(&h, &kind, 1);
		}
	sha256_end(&h, p->fingerprint);
}

static kol_status read_options(struct kol_plan *p, const kol_plan_options *o, kol_error *err) {
	int64_t day = clock_now();
	if (o->as_of && !clock_date(str_of(o->as_of), &day))
		return error_set(err, KOL_E_USAGE, "'%s' is no date; write it as 2026-11-23", o->as_of);
	if (!o->campaign || !o->campaign[0])
		return error_set(err, KOL_E_USAGE, "which campaign? name it with --campaign ID");
	if (o->batch_rows < 0 || o->batch_rows > FRAME_ROWS)
		return error_set(err, KOL_E_USAGE, "a batch holds 1 to %d creators", FRAME_ROWS);
	p->as_of = clock_day_end(day);
	clock_format_date(p->as_of, p->as_of_text);
	p->workers = o->workers < 0 ? 0 : o->workers;
	p->batch_rows = o->batch_rows ? o->batch_rows : FRAME_ROWS;
	p->backward = o->backward;
	p->roster_path = o->roster ? strdup(o->roster) : NULL;
	return o->roster && !p->roster_path ? error_memory(err) : KOL_OK;
}

kol_status plan_make(struct kol_ruleset *ruleset, sqlite3 *db, const kol_plan_options *options, struct kol_plan **out,
                     struct kol_problems *problems, kol_error *err) {
	kol_error local = {0};
	*out = NULL;
	err = err ? err : &local;
	struct kol_plan *p = calloc(1, sizeof *p);
	if (!p)
		return error_memory(err);
	p->ruleset = ruleset;
	p->expected = -1;
	maker m = {.plan = p, .db = db, .options = options, .problems = problems};
	kol_status status = read_options(p, options, err);
	if (!status)
		status = catalogue_read(db, &p->memory, &p->catalogue, err);
	if (!status)
		status = roster_uuid(db, p->roster_uuid, err);
	if (!status)
		status = campaign_read(db, &p->catalogue, options->campaign, p->as_of, &p->memory, &m.campaign, err);
	p->campaign_id = m.campaign.id;
	p->campaign_name = m.campaign.name;
	p->brand = m.campaign.brand;
	if (!status)
		status = campaign_values(&m, err);
	if (!status)
		status = campaign_settings(&m, err);
	if (!status)
		status = command_settings(&m, err);
	if (!status)
		status = select_creators(&m, err);
	if (!status)
		status = resolve(&m, err);
	if (!status)
		status = state_assumptions(p, err);
	if (status) {
		plan_close(p);
		return status;
	}
	fingerprint(&m);
	*out = p;
	return KOL_OK;
}

/* What rules are checked with where nobody names a roster. */
static const char check_campaign[] = "INSERT INTO brand (id, name) VALUES ('check', 'check'); "
                                     "INSERT INTO campaign (id, brand_id, name) VALUES ('check', 'check', 'check');";

kol_status plan_open(struct kol_ruleset *ruleset, const kol_plan_options *options, struct kol_plan **out,
                     struct kol_problems *problems, kol_error *err) {
	sqlite3 *db = NULL;
	*out = NULL;
	kol_plan_options asked = *options;
	kol_status status;
	if (options->roster) {
		status = roster_open(options->roster, &db, err);
	} else {
		asked.campaign = "check";
		status = roster_memory(&db, err);
		if (!status)
			status = roster_exec(db, check_campaign, err);
	}
	if (!status)
		status = plan_make(ruleset, db, &asked, out, problems, err);
	roster_close(db);
	return status;
}

const char *plan_engine(void) {
	static char text[160];
	if (!text[0])
		snprintf(text, sizeof text, "kolander %s, %s, %s, Unicode %s", KOL_VERSION, script_engine(), regex_engine(),
		         utf8proc_unicode_version());
	return text;
}

void plan_close(struct kol_plan *p) {
	if (!p)
		return;
	free(p->roster_path);
	inquiry_free(p->asked);
	problems_free(&p->advice);
	fetch_free(&p->want);
	arena_free(&p->memory);
	free(p);
}
