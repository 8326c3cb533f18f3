/* bind_text.c: what functions ask of texts. The library `text` reads any text; a post, and a row of creator:posts,
 * answers for its own texts: post:hits, post:has, post.hashtags and their like. Whatever reads charges for its bytes.
 * Uses text/reader, spans and preview. */
#include <math.h>

#include "base/suggest.h"
#include "script/session.h"
#include "text/around.h"
#include "text/preview.h"
#include "text/text_spans.h"

/* Texts of a post that its audience reads or hears. Only a caption that is missing leaves an answer open. */
static const char *const post_texts[] = {"caption", "title", "overlay_text", "first_comment", "transcript"};
#define POST_TEXTS (sizeof post_texts / sizeof post_texts[0])

static const char *const members[] = {"hashtags", "mentions", "urls",           "codes",
                                      "emoji",    "fold",     "fold_confirmed", "commercial"};
enum { HASHTAGS, MENTIONS, URLS, CODES, EMOJI, FOLD, FOLD_CONFIRMED, COMMERCIAL };
#define MEMBERS (sizeof members / sizeof members[0])

const char *const words_names[] = {"known", "get",   "hits",  "has",  "commercial_words", "hashtags",   "mentions",
                                   "urls",  "codes", "emoji", "fold", "fold_confirmed",   "commercial", NULL};

static session *session_at(lua_State *L) {
	session *s = script_of(L)->session;
	if (!s || s->row < 0)
		luaL_error(L, "texts are read in functions, not while files load");
	return s;
}

static void no_memory(lua_State *L, session *s) {
	error_memory(&s->error);
	session_broke(L, s);
}

/* The session's reader has read this text. Reading is charged by its bytes, whatever is asked of it then. */
static void read_text(lua_State *L, session *s, str text, str language) {
	script_charge(L, 64 + 2 * text.n);
	if (!reader_read(s->reader, text, language))
		no_memory(L, s);
}

/* ---- places ---- */

static void set_text(lua_State *L, const char *key, str text) {
	if (!text.p)
		return;
	lua_pushlstring(L, text.p, text.n);
	lua_setfield(L, -2, key);
}

/* Pushes a place as evidence: what fail(…) takes. */
static void push_place(lua_State *L, const char *where, str post, str text, const text_quote *q) {
	str before, after;
	text_around(text, q->start, q->end, &before, &after);
	lua_createtable(L, 0, 12);
	lua_pushstring(L, where);
	lua_setfield(L, -2, "field");
	lua_pushinteger(L, (lua_Integer)q->start);
	lua_setfield(L, -2, "start");
	lua_pushinteger(L, (lua_Integer)q->end);
	lua_setfield(L, -2, "end");
	set_text(L, "post", post);
	set_text(L, "text", (str){text.p + q->start, q->end - q->start});
	set_text(L, "before", before);
	set_text(L, "after", after);
	set_text(L, "term", q->term);
	set_text(L, "lexicon", str_of(q->lexicon));
	set_text(L, "reads_as", q->reads_as);
	lua_pushboolean(L, q->disguised);
	lua_setfield(L, -2, "disguised");
	script_charge(L, 256 + 2 * text.n / 1024);
}

static int lexicon_number(lua_State *L, session *s, int index) {
	suggest near;
	char hint[160];
	str name = check_name(L, index, "lexicons");
	suggest_begin(&near, name);
	for (int i = 0; i < s->plan.lexicon_count; i++) {
		if (str_is(name, s->plan.lexicons[i].name))
			for (int k = 0; k < s->plan.asked->count; k++)
				if (s->plan.asked->lexicons[k] == &s->plan.lexicons[i])
					return k;
		suggest_try(&near, str_of(s->plan.lexicons[i].name));
	}
	lua_pushlstring(L, name.p, name.n < 80 ? name.n : 80);
	return luaL_error(L, "there is no lexicon '%s'%s", lua_tostring(L, -1), suggest_text(&near, hint, sizeof hint));
}

/* Adds the hits of a lexicon in the text just read to the list on top. */
static void add_hits(lua_State *L, session *s, int number, const char *where, str post, str text) {
	const hits *h = reader_hits(s->reader);
	lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
	for (uint32_t i = 0; i < h->count; i++) {
		text_quote q;
		entry e = matcher_entry(s->plan.asked->matcher, h->items[i].entry);
		if (e.lexicon != number)
			continue;
		arena_reset(&s->scratch);
		if (!reader_quote(s->reader, &h->items[i], &s->scratch, &q))
			no_memory(L, s);
		push_place(L, where, post, text, &q);
		lua_pushnumber(L, e.term->weight);
		lua_setfield(L, -2, "weight");
		lua_rawseti(L, -2, ++n);
	}
}

/* ---- a post's own texts ---- */

typedef struct post_at { /* the post of argument 1: the one at hand, or a row */
	session *s;
	bool row;
	int table; /* where a row's fields are on the stack */
	str id, language;
} post_at;

static str row_text(lua_State *L, int table, const char *name) {
	str text = {NULL, 0};
	lua_pushstring(L, name);
	if (lua_rawget(L, table) == LUA_TSTRING)
		text.p = lua_tolstring(L, -1, &text.n);
	lua_pop(L, 1); /* the row keeps it */
	return text;
}

static str post_text(lua_State *L, const post_at *p, const char *name) {
	if (p->row)
		return row_text(L, p->table, name);
	int at = catalogue_find(p->s->plan.catalogue, TABLE_POST, str_of(name));
	int slot = at < 0 ? -1 : fetch_slot(p->s, TABLE_POST, at);
	return slot < 0 ? (str){NULL, 0} : p->s->posts->columns[slot].text[p->s->post_row];
}

static post_at find_post(lua_State *L, const char *what) {
	post_at p = {.s = session_at(L)};
	lua_rawgeti(L, LUA_REGISTRYINDEX, p.s->ref[REF_POST]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, p.s->ref[REF_POST_GUARD]);
	p.row = !lua_rawequal(L, 1, -1) && !lua_rawequal(L, 1, -2);
	lua_pop(L, 2);
	if (p.row && !lua_istable(L, 1))
		luaL_error(L, "write post:%s, with a colon", what);
	if (!p.row && !p.s->posts)
		luaL_error(L, "there is no post at hand");
	push_inner(L, 1);
	p.table = lua_gettop(L);
	p.language = post_text(L, &p, "language");
	if (p.row)
		p.id = row_text(L, p.table, "id");
	return p;
}

static void mark_caption(const post_at *p, str caption) {
	if (!caption.p)
		session_mark(p->s, "post.caption");
}

/* post:hits "lexicon": every hit in the post's texts, in order. */
static int post_hits(lua_State *L) {
	lua_settop(L, 2);
	post_at p = find_post(L, "hits \"lexicon\"");
	int number = lexicon_number(L, p.s, 2);
	lua_newtable(L);
	for (size_t i = 0; i < POST_TEXTS; i++) {
		str text = post_text(L, &p, post_texts[i]);
		if (!text.p)
			continue;
		read_text(L, p.s, text, p.language);
		add_hits(L, p.s, number, post_texts[i], p.id, text);
	}
	if (!lua_rawlen(L, -1))
		mark_caption(&p, post_text(L, &p, "caption"));
	return 1;
}

static int post_has(lua_State *L) {
	post_hits(L);
	lua_pushboolean(L, lua_rawlen(L, -1) > 0);
	return 1;
}

static void add_spans(lua_State *L, const post_at *p, enum span_kind kind, const char *where, str text) {
	text_spans all = {0};
	lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
	read_text(L, p->s, text, p->language);
	arena_reset(&p->s->scratch);
	if (!text_spans_find(reader_folded(p->s->reader), kind, &p->s->scratch, &all))
		no_memory(L, p->s);
	for (int i = 0; i < all.count; i++) {
		const text_span *it = &all.items[i];
		push_place(L, where, p->id, text, &(text_quote){.start = it->start, .end = it->end});
		set_text(L, "name", it->text);
		lua_rawseti(L, -2, ++n);
	}
}

static void push_spans(lua_State *L, const post_at *p, enum span_kind kind) {
	lua_newtable(L);
	for (size_t i = 0; i < POST_TEXTS; i++) {
		str text = post_text(L, p, post_texts[i]);
		if (text.p)
			add_spans(L, p, kind, post_texts[i], text);
	}
	mark_caption(p, post_text(L, p, "caption"));
}

/* The byte of the caption at which the creator's platform cuts it, or whether that place is certain. */
static void push_fold(lua_State *L, const post_at *p, bool confirmed) {
	session *s = p->s;
	int at = catalogue_find(s->plan.catalogue, TABLE_CREATOR, STR("platform"));
	str platform = {NULL, 0}, caption = post_text(L, p, "caption");
	double ignored;
	if (at >= 0 && fetch_slot(s, TABLE_CREATOR, at) >= 0)
		platform = s->creators->columns[fetch_slot(s, TABLE_CREATOR, at)].text[s->row];
	else if (at >= 0 && creator_cell(s, at, &ignored, &platform))
		session_broke(L, s);
	const preview *shown = platform.p ? preview_of(platform, STR("caption")) : NULL;
	if (!confirmed)
		mark_caption(p, caption);
	if (!shown)
		session_mark(s, "where %s cuts a caption", platform.p ? "the platform" : "an unknown platform");
	if (!shown || (!caption.p && !confirmed)) {
		lua_pushnil(L);
		return;
	}
	if (confirmed) {
		lua_pushboolean(L, shown->confirmed);
		return;
	}
	script_charge(L, 64 + caption.n);
	lua_pushinteger(L, (lua_Integer)preview_end(shown, caption));
}

static bool is_labelled(lua_State *L, const post_at *p) {
	if (p->row) {
		lua_pushliteral(L, "paid_label");
		lua_rawget(L, p->table);
		bool yes = lua_toboolean(L, -1);
		lua_pop(L, 1);
		return yes;
	}
	int at = catalogue_find(p->s->plan.catalogue, TABLE_POST, STR("paid_label"));
	int slot = at < 0 ? -1 : fetch_slot(p->s, TABLE_POST, at);
	return slot >= 0 && p->s->posts->columns[slot].num[p->s->post_row] > 0;
}

static void push_commercial(lua_State *L, const post_at *p) {
	bool yes = post_text(L, p, "relationship").p || is_labelled(L, p);
	for (size_t i = 0; i < POST_TEXTS && !yes; i++) {
		reply given;
		str text = post_text(L, p, post_texts[i]);
		if (!text.p)
			continue;
		read_text(L, p->s, text, p->language);
		if (!reader_ask(p->s->reader, &(question){.ask = ASK_COMMERCIAL}, &given))
			no_memory(L, p->s);
		yes = given.yes;
	}
	if (!yes)
		mark_caption(p, post_text(L, p, "caption"));
	lua_pushboolean(L, yes);
}

/* post:commercial_words(): the places that made it commercial. */
static int post_commercial_words(lua_State *L) {
	lua_settop(L, 1);
	post_at p = find_post(L, "commercial_words()");
	lua_newtable(L);
	lua_Integer n = 0;
	for (size_t i = 0; i < POST_TEXTS; i++) {
		text_quote found[16];
		int count;
		str text = post_text(L, &p, post_texts[i]);
		if (!text.p)
			continue;
		read_text(L, p.s, text, p.language);
		arena_reset(&p.s->scratch);
		if (!reader_quotes(p.s->reader, &(question){.ask = ASK_COMMERCIAL}, &p.s->scratch, found, 16, &count))
			no_memory(L, p.s);
		for (int k = 0; k < count; k++) {
			push_place(L, post_texts[i], p.id, text, &found[k]);
			lua_rawseti(L, -2, ++n);
		}
	}
	return 1;
}

static int member_of(str name) {
	for (size_t i = 0; i < MEMBERS; i++)
		if (str_is(name, members[i]))
			return (int)i;
	return -1;
}

bool words_push(lua_State *L, str name) {
	static const enum span_kind kinds[] = {SPAN_HASHTAG, SPAN_MENTION, SPAN_URL, SPAN_CODE, SPAN_EMOJI};
	static const luaL_Reg methods[] = {
	    {"hits", post_hits}, {"has", post_has}, {"commercial_words", post_commercial_words}, {NULL, NULL}};
	for (const luaL_Reg *m = methods; m->name; m++)
		if (str_is(name, m->name)) {
			lua_pushcfunction(L, m->func);
			return true;
		}
	int which = member_of(name);
	if (which < 0)
		return false;
	post_at p = find_post(L, members[which]);
	if (which <= EMOJI)
		push_spans(L, &p, kinds[which]);
	else if (which == COMMERCIAL)
		push_commercial(L, &p);
	else
		push_fold(L, &p, which == FOLD_CONFIRMED);
	lua_remove(L, p.table);
	return true;
}

/* ---- the library ---- */

static str text_argument(lua_State *L, int index) {
	str text;
	if (lua_type(L, index) != LUA_TSTRING)
		luaL_error(L, "a text is needed here, such as post.caption; this is a %s", luaL_typename(L, index));
	text.p = lua_tolstring(L, index, &text.n);
	return text;
}

static str language_argument(lua_State *L, int index) {
	return lua_isnoneornil(L, index) ? (str){NULL, 0} : text_argument(L, index);
}

/* text.language(s [, stated]): "en", or nil where it cannot be told. */
static int text_language(lua_State *L) {
	session *s = session_at(L);
	read_text(L, s, text_argument(L, 1), language_argument(L, 2));
	str language = reader_language(s->reader);
	if (language.p)
		lua_pushlstring(L, language.p, language.n);
	else
		lua_pushnil(L);
	return 1;
}

/* Pushes the score and the list of terms that made it; nil where the language has no words of tone. */
static int push_tone(lua_State *L, session *s, int number, str text) {
	sentiment tone_found;
	const matcher *of;
	bool known;
	script_charge(L, 64 + 4 * text.n);
	arena_reset(&s->scratch);
	if (!reader_tone(s->reader, number, &s->scratch, &tone_found, &of, &known))
		no_memory(L, s);
	if (!known) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushnumber(L, tone_found.score);
	lua_createtable(L, tone_found.count, 0);
	const folded *f = reader_folded(s->reader);
	for (int i = 0; i < tone_found.count; i++) {
		const tone *it = &tone_found.tones[i];
		size_t start = fold_original_start(f, it->at.start), end = fold_original_end(f, it->at.end);
		lua_createtable(L, 0, 5);
		set_text(L, "text", (str){text.p + start, end - start});
		set_text(L, "term", matcher_entry(of, it->at.entry).term->text);
		lua_pushinteger(L, (lua_Integer)start);
		lua_setfield(L, -2, "start");
		lua_pushinteger(L, (lua_Integer)end);
		lua_setfield(L, -2, "end");
		lua_pushnumber(L, it->points);
		lua_setfield(L, -2, "points");
		lua_rawseti(L, -2, i + 1);
	}
	return 2;
}

/* text.sentiment(s [, language]) */
static int text_sentiment(lua_State *L) {
	session *s = session_at(L);
	str text = text_argument(L, 1);
	read_text(L, s, text, language_argument(L, 2));
	return push_tone(L, s, -1, text);
}

/* text.sentiment_about(s, "lexicon" [, language]): of the sentences in which the lexicon hits; nil where it does not.
 */
static int text_sentiment_about(lua_State *L) {
	session *s = session_at(L);
	str text = text_argument(L, 1);
	int number = lexicon_number(L, s, 2);
	read_text(L, s, text, language_argument(L, 3));
	return push_tone(L, s, number, text);
}

/* text.hits(s, "lexicon" [, language]): every hit, in order. */
static int text_hits(lua_State *L) {
	session *s = session_at(L);
	str text = text_argument(L, 1);
	int number = lexicon_number(L, s, 2);
	read_text(L, s, text, language_argument(L, 3));
	lua_newtable(L);
	add_hits(L, s, number, "text", (str){NULL, 0}, text);
	return 1;
}

static int text_has(lua_State *L) {
	text_hits(L);
	lua_pushboolean(L, lua_rawlen(L, -1) > 0);
	return 1;
}

void texts_push(lua_State *L) {
	static const luaL_Reg library[] = {{"has", text_has},
	                                   {"hits", text_hits},
	                                   {"language", text_language},
	                                   {"sentiment", text_sentiment},
	                                   {"sentiment_about", text_sentiment_about},
	                                   {NULL, NULL}};
	luaL_newlib(L, library);
}

/* ---- what a function needs ---- */

static bool names(const check *k, const char *name) {
	for (int i = 0; i < k->name_count; i++)
		if (str_is(k->names[i], name))
			return true;
	return false;
}

bool words_wanted(const check *k) {
	static const char *const methods[] = {"hits", "has", "commercial_words"};
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (names(k, methods[i]))
			return true;
	for (size_t i = 0; i < MEMBERS; i++)
		if (names(k, members[i]))
			return true;
	return false;
}

bool words_field(const check *k, enum table t, str name) {
	if (t == TABLE_CREATOR)
		return str_is(name, "platform") && names(k, "fold");
	if (t != TABLE_POST || !words_wanted(k))
		return false;
	for (size_t i = 0; i < POST_TEXTS; i++)
		if (str_is(name, post_texts[i]))
			return true;
	return str_is(name, "language") || str_is(name, "id") || str_is(name, "relationship") || str_is(name, "paid_label");
}

bool script_asks(const script *s, const rule *r, const lexicon *lexicons, int count, inquiry *a) {
	const check *k = &s->checks[r->check - 1];
	bool about = names(k, "sentiment_about");
	if (names(k, "sentiment") || about)
		a->parts |= STOCK_TONE | STOCK_LANGUAGE;
	if (names(k, "language"))
		a->parts |= STOCK_LANGUAGE;
	if (names(k, "commercial") || names(k, "commercial_words"))
		a->parts |= STOCK_COMMERCIAL;
	if (about || names(k, "hits") || names(k, "has"))
		for (int i = 0; i < count; i++)
			if (inquiry_lexicon(a, &lexicons[i]) < 0)
				return false;
	return true;
}
