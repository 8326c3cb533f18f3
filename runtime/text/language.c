/* language.c: which language a text is in. The script answers where one language writes it; among languages of one
 * script, small words (hits of the matcher in the lexicons of languages.txt) and letters are added up, and the best
 * must be well ahead. Links, handles and hashtags do not count: they are in English everywhere. Says nothing rather
 * than something wrong. language_read.c reads that file. */
#include "text/language.h"

#include <threads.h>

#include "base/utf8.h"

#define LANGUAGES 40  /* lexicons of languages that are not known here, at most */
#define ROW_MOST 3    /* a kind of letter counts so often */
#define LOOKED_AT 800 /* bytes: the beginning of a long text tells enough */

/* ---- scripts --------------------------------------------------------------------------------- */

enum group {
	LATIN,
	CYRILLIC,
	ARABIC,
	HAN,
	KANA,
	JAPANESE_HAN, /* forms of Han that only Japan writes */
	HANGUL,
	SINGLE, /* the first of the scripts that one language writes (of those told apart here) */
	GREEK = SINGLE,
	HEBREW,
	ARMENIAN,
	GEORGIAN,
	DEVANAGARI,
	BENGALI,
	GURMUKHI,
	GUJARATI,
	TAMIL,
	TELUGU,
	KANNADA,
	MALAYALAM,
	SINHALA,
	THAI,
	LAO,
	KHMER,
	MYANMAR,
	ETHIOPIC,
	GROUPS
};

static const char *const single[GROUPS] = {
    [GREEK] = "el",    [HEBREW] = "he",   [ARMENIAN] = "hy", [GEORGIAN] = "ka", [DEVANAGARI] = "hi", [BENGALI] = "bn",
    [GURMUKHI] = "pa", [GUJARATI] = "gu", [TAMIL] = "ta",    [TELUGU] = "te",   [KANNADA] = "kn",    [MALAYALAM] = "ml",
    [SINHALA] = "si",  [THAI] = "th",     [LAO] = "lo",      [KHMER] = "km",    [MYANMAR] = "my",    [ETHIOPIC] = "am"};

static const struct {
	uint32_t first, last;
	enum group group;
} ranges[] = {
    {'A', 'Z', LATIN},          {'a', 'z', LATIN},         {0xC0, 0x24F, LATIN},       {0x370, 0x3FF, GREEK},
    {0x400, 0x52F, CYRILLIC},   {0x531, 0x58F, ARMENIAN},  {0x5D0, 0x5F2, HEBREW},     {0x620, 0x64A, ARABIC},
    {0x66E, 0x6D3, ARABIC},     {0x750, 0x77F, ARABIC},    {0x904, 0x97F, DEVANAGARI}, {0x980, 0x9FF, BENGALI},
    {0xA00, 0xA7F, GURMUKHI},   {0xA80, 0xAFF, GUJARATI},  {0xB80, 0xBFF, TAMIL},      {0xC00, 0xC7F, TELUGU},
    {0xC80, 0xCFF, KANNADA},    {0xD00, 0xD7F, MALAYALAM}, {0xD80, 0xDFF, SINHALA},    {0xE01, 0xE7F, THAI},
    {0xE80, 0xEFF, LAO},        {0x1000, 0x109F, MYANMAR}, {0x10A0, 0x10FF, GEORGIAN}, {0x1100, 0x11FF, HANGUL},
    {0x1200, 0x137F, ETHIOPIC}, {0x1780, 0x17FF, KHMER},   {0x1E00, 0x1EFF, LATIN},    {0x1F00, 0x1FFF, GREEK},
    {0x3041, 0x309F, KANA},     {0x30A1, 0x30FA, KANA},    {0x30FC, 0x30FF, KANA},     {0x3131, 0x318E, HANGUL},
    {0x31F0, 0x31FF, KANA},     {0x3400, 0x4DBF, HAN},     {0x4E00, 0x9FFF, HAN},      {0xAC00, 0xD7A3, HANGUL},
    {0xF900, 0xFAFF, HAN},      {0xFB50, 0xFDFF, ARABIC},  {0xFE70, 0xFEFC, ARABIC},   {0xFF21, 0xFF3A, LATIN},
    {0xFF41, 0xFF5A, LATIN},    {0xFF66, 0xFF9D, KANA},    {0x20000, 0x323AF, HAN}};

static const char japanese_han[] = "発売込働円気駅図広仏実対悪戦労歩桜黒毎検県変効単楽薬帰転総様続沢浜価営経読辺畑峠匂"
                                   "応届銭専伝豊鉄顔髪継択拡渋渓焼徳験闘稲";

static int group_of(uint32_t c) {
	if (c < 0x80)
		return (c | 32) >= 'a' && (c | 32) <= 'z' ? LATIN : -1;
	size_t low = 0, high = sizeof ranges / sizeof *ranges;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c > ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == sizeof ranges / sizeof *ranges || c < ranges[low].first || c == 0xD7 || c == 0xF7)
		return -1;
	return (int)ranges[low].group;
}

/* ---- letters --------------------------------------------------------------------------------- */

/* Letters (and signs) that some languages have and others do not. Points: what one is worth to each of them. */
static const struct {
	const char *letters, *languages;
	double points;
} hints[] = {
    {"ßẞ", "de", 3},
    {"äÄ", "de sv fi et sk", 0.7},
    {"öÖ", "de tr sv fi hu is et", 0.7},
    {"üÜ", "de tr hu et", 0.7},
    {"ñÑ", "es", 2},
    {"¿¡", "es", 3},
    {"áíóúÁÍÓÚ", "es pt hu cs sk is vi", 0.5},
    {"éÉ", "fr es pt it hu cs", 0.5},
    {"ãõÃÕ", "pt", 2},
    {"ãõÃÕ", "vi", 1},
    {"çÇ", "fr pt tr ca az", 0.7},
    {"èàÈÀ", "fr it ca vi", 0.7},
    {"ùÙ", "fr it vi", 0.7},
    {"ìòÌÒ", "it vi", 0.7},
    {"êôÊÔ", "fr pt vi", 0.7},
    {"âÂ", "fr pt ro tr vi", 0.5},
    {"îÎ", "fr ro", 0.7},
    {"ûÛ", "fr", 0.7},
    {"ëïËÏ", "fr nl", 0.5},
    {"œŒ", "fr", 3},
    {"ğĞ", "tr", 3},
    {"şŞ", "tr ro", 2},
    {"ıİ", "tr", 2},
    {"ğĞşŞıİ", "az", 1},
    {"əƏ", "az", 4},
    {"åÅ", "sv da no", 1},
    {"æÆøØ", "da no", 2},
    {"ąęłśźżńĄĘŁŚŹŻŃ", "pl", 3},
    {"ćĆ", "pl hr", 1.5},
    {"čšžČŠŽ", "cs sk hr sl lt lv", 1.5},
    {"řěůŘĚŮ", "cs", 3},
    {"ýÝ", "cs sk is vi", 0.5},
    {"ťďňŤĎŇ", "cs sk", 2},
    {"ľĺŕĽ", "sk", 3},
    {"őűŐŰ", "hu", 3},
    {"ăĂ", "ro vi", 2},
    {"țȚșȘţŢ", "ro", 3},
    {"đĐ", "vi hr", 1.5},
    {"ơưƠƯ", "vi", 3},
    {"ķļņģ", "lv", 3},
    {"āēīū", "lv", 1.5},
    {"ėųį", "lt", 3},
    {"þð", "is", 3},
    {"ыэё", "ru", 1.5},
    {"ыэё", "be", 0.5},
    {"ъ", "bg", 1.5},
    {"ъ", "ru", 0.3},
    {"і", "uk be kk", 1.5},
    {"їєґ", "uk", 3},
    {"ў", "be", 4},
    {"јљњћђџ", "sr", 3},
    {"ѓќѕ", "mk", 4},
    {"әғқңөұүһ", "kk", 3},
    {"پچژگ", "fa ur", 1.5},
    {"کی", "fa ur", 0.7},
    {"ٹڈڑںے", "ur", 3},
    {"ہھ", "ur", 1.5},
    {"كيةى", "ar", 1.5},
};
#define HINTS (sizeof hints / sizeof *hints)

#define TONGUES 38
static const struct {
	const char *code;
	enum group group;
} tongues[TONGUES] = {{"en", LATIN},    {"de", LATIN},    {"fr", LATIN},    {"es", LATIN},    {"it", LATIN},
                      {"pt", LATIN},    {"nl", LATIN},    {"tr", LATIN},    {"pl", LATIN},    {"sv", LATIN},
                      {"da", LATIN},    {"no", LATIN},    {"fi", LATIN},    {"cs", LATIN},    {"sk", LATIN},
                      {"hu", LATIN},    {"ro", LATIN},    {"vi", LATIN},    {"hr", LATIN},    {"sl", LATIN},
                      {"lt", LATIN},    {"lv", LATIN},    {"et", LATIN},    {"is", LATIN},    {"ca", LATIN},
                      {"az", LATIN},    {"id", LATIN},    {"hi", LATIN},    {"ru", CYRILLIC}, {"uk", CYRILLIC},
                      {"bg", CYRILLIC}, {"be", CYRILLIC}, {"sr", CYRILLIC}, {"mk", CYRILLIC}, {"kk", CYRILLIC},
                      {"ar", ARABIC},   {"fa", ARABIC},   {"ur", ARABIC}};

/* ---- the same by character ------------------------------------------------------------------- */

#define HINTED 0x700 /* code points that have hints are smaller, but for Vietnamese ones */
#define HAN_FIRST 0x4E00
#define HAN_LAST 0x9FFF

static struct {
	uint64_t hints[HINTED]; /* bit i: the character is one of hints[i] */
	uint64_t vietnamese;    /* letters with a tone below or above */
	uint64_t speaks[HINTS]; /* bit k: hints[i] speaks for tongues[k] */
	uint64_t japanese[(HAN_LAST - HAN_FIRST) / 64 + 1];
	signed char number[26][26]; /* of a code of two letters in tongues, from 1 */
} tables;
_Static_assert(HINTS <= 64 && TONGUES <= 64, "a bit for each");

static bool among(const char *languages, const char *code) {
	size_t n = strlen(code);
	for (const char *p = languages; (p = strstr(p, code)); p += n)
		if ((p == languages || p[-1] == ' ') && (p[n] == 0 || p[n] == ' '))
			return true;
	return false;
}

static uint32_t next_character(const char **p) {
	uint32_t c;
	*p += utf8_decode(*p, strlen(*p), &c);
	return c;
}

static void make_tables(void) {
	for (size_t i = 0; i < HINTS; i++) {
		for (const char *p = hints[i].letters; *p;) {
			uint32_t c = next_character(&p);
			if (c < HINTED)
				tables.hints[c] |= UINT64_C(1) << i;
		}
		for (int k = 0; k < TONGUES; k++)
			tables.speaks[i] |= (uint64_t)among(hints[i].languages, tongues[k].code) << k;
	}
	tables.vietnamese = tables.hints[0x1B0]; /* ư */
	for (uint32_t c = 0x400; c < 0x430; c++) /* capitals say what small letters say */
		tables.hints[c] |= tables.hints[c + (c < 0x410 ? 0x50 : 0x20)];
	for (const char *p = japanese_han; *p;) {
		uint32_t c = next_character(&p) - HAN_FIRST;
		tables.japanese[c / 64] |= UINT64_C(1) << (c % 64);
	}
	for (int k = TONGUES; k-- > 0;)
		tables.number[tongues[k].code[0] - 'a'][tongues[k].code[1] - 'a'] = (signed char)(k + 1);
}

static bool small_letter(char c) { return c >= 'a' && c <= 'z'; }

/* Its place in tongues; -1: it is none of them. */
static int tongue_number(const char *code) {
	return small_letter(code[0]) && small_letter(code[1]) && !code[2] ? tables.number[code[0] - 'a'][code[1] - 'a'] - 1
	                                                                  : -1;
}

typedef struct survey {
	uint32_t letters[GROUPS]; /* of the text itself */
	uint32_t tags[GROUPS];    /* of its hashtags */
	uint32_t words;           /* Latin ones */
	uint32_t hint[HINTS];
} survey;

static void note_hints(survey *v, uint32_t c) {
	uint64_t bits = c < HINTED ? tables.hints[c] : c >= 0x1EA0 && c <= 0x1EF9 ? tables.vietnamese : 0;
	for (; bits; bits &= bits - 1)
		v->hint[__builtin_ctzll(bits)]++;
}

static bool is_japanese_han(uint32_t c) {
	return c >= HAN_FIRST && c <= HAN_LAST && tables.japanese[(c - HAN_FIRST) / 64] >> ((c - HAN_FIRST) % 64) & 1;
}

static bool blank(char c) { return (unsigned char)c <= ' '; }

/* The bytes of a link or handle that begins at i. */
static size_t foreign_run(str s, size_t i) {
	bool link = s.n - i > 8 && (memcmp(s.p + i, "http", 4) == 0 || memcmp(s.p + i, "www.", 4) == 0);
	if (s.p[i] != '@' && !link)
		return 0;
	size_t end = i + 1;
	while (end < s.n && !blank(s.p[end]) && (unsigned char)s.p[end] < 0x80)
		end++;
	return end - i;
}

/* The run of ASCII letters that begins at i. */
static size_t letters_from(str s, size_t i) {
	size_t end = i;
	while (end < s.n && (unsigned char)((s.p[end] | 32) - 'a') < 26)
		end++;
	return end - i;
}

static void look(str s, survey *v) {
	bool tag = false;
	int before = -1;
	for (size_t i = 0; i < s.n;) {
		size_t length = before < 0 ? foreign_run(s, i) : 0;
		if (length) {
			i += length;
			continue;
		}
		length = letters_from(s, i);
		if (length) {
			(tag ? v->tags : v->letters)[LATIN] += (uint32_t)length;
			v->words += before != LATIN && !tag;
			before = LATIN;
			i += length;
			continue;
		}
		uint32_t c;
		length = utf8_decode(s.p + i, s.n - i, &c);
		if (c == '#' || c == 0xFF03)
			tag = true;
		else if (c <= ' ' || c == 0x3000)
			tag = false;
		int g = group_of(c);
		if (g >= 0)
			(tag ? v->tags : v->letters)[g]++;
		if (g == HAN && is_japanese_han(c))
			(tag ? v->tags : v->letters)[JAPANESE_HAN]++;
		v->words += g == LATIN && before != LATIN && !tag;
		if (!tag && c >= 0x80 && (g < HAN))
			note_hints(v, c);
		before = g;
		i += length;
	}
}

/* ---- decision -------------------------------------------------------------------------------- */

typedef struct tongue {
	const char *name;
	double score;
	uint32_t covered; /* folded bytes before this were counted */
	uint32_t signs;   /* small words and letters that speak for it */
	bool plays;       /* it is written in the script at hand, as far as is known */
} tongue;

/* The tongues in their order; behind them lexicons of others. */
typedef struct contest {
	tongue tongues[TONGUES + LANGUAGES];
	int count;
} contest;

static void enter(contest *c, enum group g, const lexicon *languages, int count) {
	*c = (contest){.count = TONGUES + (count < LANGUAGES ? count : LANGUAGES)};
	for (int i = 0; i < TONGUES; i++) {
		c->tongues[i].name = tongues[i].code;
		c->tongues[i].plays = tongues[i].group == g;
	}
	for (int i = 0; i < c->count - TONGUES; i++) {
		c->tongues[TONGUES + i].name = languages[i].name;
		c->tongues[TONGUES + i].plays = tongue_number(languages[i].name) < 0;
	}
}

static tongue *tongue_named(contest *c, const char *name) {
	int i = tongue_number(name);
	for (int k = TONGUES; i < 0 && k < c->count; k++)
		if (strcmp(c->tongues[k].name, name) == 0)
			i = k;
	return i < 0 ? NULL : &c->tongues[i];
}

static void add_hints(contest *c, const survey *v) {
	for (size_t i = 0; i < HINTS; i++)
		for (uint64_t bits = v->hint[i] ? tables.speaks[i] : 0; bits; bits &= bits - 1) {
			tongue *t = &c->tongues[__builtin_ctzll(bits)];
			t->signs += v->hint[i];
			t->score += hints[i].points * (v->hint[i] < ROW_MOST ? v->hint[i] : ROW_MOST);
		}
}

/* Parts of hashtags, handles, links, file names and compounds are no words of the text. */
static bool ordinary(const folded *f, const hit *h) {
	char before = h->start ? f->p[h->start - 1] : ' ', after = h->end < f->n ? f->p[h->end] : ' ';
	if (strchr("#@/_=&", before) || strchr("/_@", after))
		return false;
	bool joined_behind = (after == '.' || after == '-') && h->end + 1 < f->n && fold_bit(f->words, h->end + 1);
	bool joined_before = (before == '.' || before == '-') && h->start > 1 && fold_bit(f->words, h->start - 2);
	return !joined_behind && !joined_before;
}

static uint32_t first_hit(const hits *h, size_t start) {
	uint32_t low = 0, high = h->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (h->items[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What is asked: language_of's arguments. */
typedef struct question {
	const folded *text;
	size_t start, end;
	const matcher *matcher;
	const hits *hits;
	const lexicon *languages;
	int first, count;
} question;

static void add_words(contest *c, const question *q) {
	for (uint32_t i = first_hit(q->hits, q->start); i < q->hits->count && q->hits->items[i].start < q->end; i++) {
		const hit *h = &q->hits->items[i];
		entry e = matcher_entry(q->matcher, h->entry);
		if (e.lexicon < q->first || e.lexicon >= q->first + q->count || h->end > q->end || h->disguised)
			continue;
		tongue *t = tongue_named(c, q->languages[e.lexicon - q->first].name);
		if (!t || h->start < t->covered || !ordinary(q->text, h))
			continue;
		t->score += e.term->weight;
		t->covered = h->end;
		t->signs++;
	}
}

static const char *winner(const contest *c, double least, double ahead) {
	const tongue *best = NULL, *second = NULL;
	for (int i = 0; i < c->count; i++)
		if (!c->tongues[i].plays) {
			continue;
		} else if (!best || c->tongues[i].score > best->score) {
			second = best;
			best = &c->tongues[i];
		} else if (!second || c->tongues[i].score > second->score)
			second = &c->tongues[i];
	if (!best || best->score < least)
		return NULL;
	double margin = best->score * ahead;
	return best->score - (second ? second->score : 0) >= (margin > 1 ? margin : 1) ? best->name : NULL;
}

static const char *latin(const question *q, const survey *v) {
	contest c;
	enter(&c, LATIN, q->languages, q->count);
	add_hints(&c, v);
	add_words(&c, q);
	/* A language that is not known here shares a small word now and then. */
	double least = v->words < 8 ? 2.5 : 2.5 + 0.12 * v->words;
	const char *name = winner(&c, least < 30 ? least : 30, 0.2);
	/* One small word of another language can be a word of English: come, non, even, go. */
	return name && strcmp(name, "en") != 0 && tongue_named(&c, name)->signs < 2 ? NULL : name;
}

static const char *cyrillic(const question *q, const survey *v) {
	contest c;
	enter(&c, CYRILLIC, q->languages, q->count);
	add_hints(&c, v);
	double letters = 0;
	for (int i = 0; i < c.count; i++)
		letters += c.tongues[i].plays && strcmp(c.tongues[i].name, "ru") != 0 ? c.tongues[i].score : 0;
	add_words(&c, q);
	const char *name = winner(&c, 1.5, 0.2);
	double ru = tongue_named(&c, "ru")->score;
	for (int i = 0; i < c.count; i++)
		if (c.tongues[i].plays && c.tongues[i].score > ru)
			return name;
	/* In a few words of another language one of its own letters would stand. */
	return name ? name : letters == 0 && v->letters[CYRILLIC] >= 10 ? "ru" : NULL;
}

static const char *arabic(const question *q, const survey *v) {
	contest c;
	enter(&c, ARABIC, q->languages, q->count);
	add_hints(&c, v);
	add_words(&c, q);
	const char *name = winner(&c, 1.4, 0.2);
	bool silent = true;
	for (int i = 0; i < c.count; i++)
		silent &= !c.tongues[i].plays || c.tongues[i].score == 0 || strcmp(c.tongues[i].name, "ar") == 0;
	if (!name && !silent && winner(&c, 1.4, 0) == NULL) {
		/* fa and ur share their letters; without Urdu's own it is Persian. */
		const tongue *fa = tongue_named(&c, "fa"), *ur = tongue_named(&c, "ur"), *ar = tongue_named(&c, "ar");
		if (fa->score >= ur->score && fa->score > ar->score + 1)
			return "fa";
	}
	return name ? name : silent && v->letters[ARABIC] >= 4 ? "ar" : NULL;
}

/* Chinese, Japanese and Korean say in one character what takes others two or three letters. */
static double share(const uint32_t letters[GROUPS], int g) {
	return letters[g] * (g == HAN || g == HANGUL || g == KANA ? 3.0 : 1.0);
}

static const char *east_asian(const uint32_t l[GROUPS]) {
	if (l[HANGUL] > l[HAN] + l[KANA] || (l[HANGUL] && 2 * l[HANGUL] >= l[HAN] && !l[KANA]))
		return "ko";
	/* One の among many characters is decoration. */
	bool kana = l[KANA] > 1 || (l[KANA] && l[HAN] < 8);
	return (kana && 12 * l[KANA] >= l[HAN]) || l[JAPANESE_HAN] ? "ja" : "zh";
}

/* The largest group, Latin left out; -1: none. East Asian ones count as one: HAN. */
static int largest(const uint32_t letters[GROUPS], double *weight) {
	int best = -1;
	*weight = 0;
	for (int g = CYRILLIC; g < GROUPS; g++) {
		double w = share(letters, g);
		if (g == KANA || g == HANGUL || g == JAPANESE_HAN)
			continue;
		if (g == HAN)
			w += share(letters, KANA) + share(letters, HANGUL);
		if (w > *weight) {
			*weight = w;
			best = g;
		}
	}
	return best;
}

static const char *by_script(int g, const uint32_t letters[GROUPS], const question *q, const survey *v) {
	return g == HAN ? east_asian(letters) : g == CYRILLIC ? cyrillic(q, v) : g == ARABIC ? arabic(q, v) : single[g];
}

const char *language_of(const folded *text, size_t start, size_t end, const matcher *m, const hits *h,
                        const lexicon *languages, int first, int count) {
	static once_flag once = ONCE_FLAG_INIT;
	call_once(&once, make_tables);
	if (end - start > LOOKED_AT) {
		end = start + LOOKED_AT;
		while (end > start && ((unsigned char)text->p[end] & 0xC0) == 0x80)
			end--;
	}
	question q = {text, start, end, m, h, languages, first, count};
	size_t from = start == 0 ? 0 : fold_original_start(text, start);
	size_t to = end >= text->n ? text->original.n : fold_original_end(text, end);
	survey v = {0};
	look((str){text->original.p + from, to - from}, &v);
	double weight, in_tags;
	int g = largest(v.letters, &weight);
	if (g >= 0 && weight >= v.letters[LATIN])
		return by_script(g, v.letters, &q, &v);
	const char *name = latin(&q, &v);
	/* "Dyson Airwrap обзор": names in Latin letters around a few words of another script. */
	if (!name && g >= 0 && weight >= 0.15 * v.letters[LATIN] && weight >= 4)
		return by_script(g, v.letters, &q, &v);
	if (!name && v.words < 4 && (g = largest(v.tags, &in_tags)) >= 0 && in_tags >= v.tags[LATIN])
		return g == HAN ? east_asian(v.tags) : single[g];
	return name;
}
