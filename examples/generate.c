/* generate.c: fills a roster with made-up creators, as many as asked for, the same ones for the same seed.
 *
 *     kolander import roster.db examples/demo/campaigns.ndjson      makes the roster and its campaigns
 *     generate --creators 4000 [--posts 6] [--captions FILE] [--seed 1] [--as-of 2026-11-20] roster.db
 *
 * FILE is one that examples/bench/captions.c has written; its captions are taken in turn instead of the few below.
 * Writes SQLite directly, in one transaction, so that a million creators take a minute. Nobody in it exists.
 * Metrics are skewed as they are in life, and a few of each kind of value are missing. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY 86400
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint64_t state;

/* splitmix64: small, and the same on every machine. */
static uint64_t draw(void) {
	uint64_t z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}
static double unit(void) { return (double)(draw() >> 11) * 0x1p-53; } /* [0, 1) */
static size_t below(size_t n) { return (size_t)(draw() % n); }
static bool chance(double p) { return unit() < p; }
static double between(double low, double high) { return low + unit() * (high - low); }

/* About normal, from -3 to 3: the sum of six even draws. */
static double bell(void) {
	double sum = 0;
	for (int i = 0; i < 6; i++)
		sum += unit();
	return (sum - 3.0) * 1.414;
}
static double around(double middle, double spread) { return middle * exp(spread * bell()); }

typedef struct place {
	const char *country, *language, *currency;
	const char *captions[3];
} place;

static const place places[] = {
    {"US",
     "en",
     "USD",
     {"Trying this for a week, honest notes inside", "Sunday reset and a cup of tea", "What I pack for a long shift"}},
    {"DE",
     "de",
     "EUR",
     {"Sieben Tassen Tee und ein gutes Buch", "Mein Morgen auf dem Wochenmarkt", "So gelingt das Brot ohne Kneten"}},
    {"GB",
     "en",
     "GBP",
     {"A rainy walk and a flask of tea", "Five dinners under ten pounds", "My honest morning routine"}},
    {"FR",
     "fr",
     "EUR",
     {"Un thé glacé après le marché", "Ma routine du dimanche", "La tarte aux pommes de ma voisine"}},
    {"ES",
     "es",
     "EUR",
     {"Té frío para una tarde de calor", "Mi rutina de los domingos", "Tortilla fácil en diez minutos"}},
    {"BR", "pt", "BRL", {"Chá gelado na varanda", "Minha rotina de domingo", "Bolo de cenoura da família"}},
    {"JP", "ja", "JPY", {"朝の一杯のお茶", "週末のお弁当づくり", "静かな街を散歩しました"}},
    {"KR", "ko", "KRW", {"아침에 마시는 차 한 잔", "주말 도시락 만들기", "조용한 골목 산책"}},
    {"TW", "zh", "TWD", {"早晨的一杯熱茶", "週末便當", "安靜的巷子散步"}},
    {"AE", "ar", "AED", {"كوب شاي في الصباح", "روتين يوم الأحد", "وصفة سهلة للعشاء"}},
    {"IN", "hi", "INR", {"सुबह की एक कप चाय", "रविवार की दिनचर्या", "घर की आसान रेसिपी"}},
    {"TH", "th", "THB", {"ชาหนึ่งถ้วยยามเช้า", "กิจวัตรวันอาทิตย์", "เมนูง่าย ๆ สำหรับมื้อเย็น"}},
};
static const char *const platforms[] = {"instagram", "tiktok", "youtube"};
static const char *const categories[] = {"food", "fitness", "beauty", "travel", "gaming", "parenting", "books"};
static const char *const first[] = {"lena", "milo", "aiko", "tariq", "noor", "pia",   "otto", "juno",
                                    "sami", "ines", "koji", "mara",  "levi", "anouk", "ravi", "sunny"};
static const char *const second[] = {"cooks", "moves",  "reads", "roams", "plays",
                                     "bakes", "paints", "sews",  "hikes", "sips"};
static const char *const brands[] = {"Brisk Tea", "Lipwell",  "Teavora",     "Northpan",
                                     "Solbit",    "Kindleaf", "Ombra Coffee"};
static const char *const formats[] = {"reel", "image", "carousel", "story", "video"};
static const char *const styles[] = {"review", "tutorial", "unboxing", "comparison", "haul"};
static const char *const ages[] = {"13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"};

static sqlite3 *db;

static void stop(const char *doing) {
	fprintf(stderr, "generate: %s: %s\n", doing, db ? sqlite3_errmsg(db) : strerror(errno));
	exit(3);
}
static void run(const char *sql) {
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		stop(sql);
}
static sqlite3_stmt *prepare(const char *sql) {
	sqlite3_stmt *st;
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		stop(sql);
	return st;
}
/* A row goes in and the statement is clean for the next: what is not bound is missing. */
static void store(sqlite3_stmt *st) {
	if (sqlite3_step(st) != SQLITE_DONE)
		stop("writing a row");
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
}
static void whole(sqlite3_stmt *st, int at, double x) { sqlite3_bind_int64(st, at, (sqlite3_int64)llround(x)); }
static void real(sqlite3_stmt *st, int at, double x) { sqlite3_bind_double(st, at, x); }
static void text(sqlite3_stmt *st, int at, const char *s) { sqlite3_bind_text(st, at, s, -1, SQLITE_TRANSIENT); }

static sqlite3_stmt *creator, *audience, *history, *post, *partnership, *coverage;

static void prepare_all(void) {
	creator =
	    prepare("INSERT INTO creator(id,platform,handle,followers,following,post_count,verified,is_virtual,joined_at,"
	            "engagement_rate,avg_likes,avg_comments,avg_views,completion_rate,follower_growth_30d,"
	            "audience_credibility,sponsored_share,fee,currency,country,language,category,updated_at,name)"
	            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24)");
	audience = prepare("INSERT OR IGNORE INTO audience VALUES(?1,?2,?3,?4)");
	history = prepare("INSERT INTO history(creator_id,at,followers,engagement_rate) VALUES(?1,?2,?3,?4)");
	post =
	    prepare("INSERT INTO post(creator_id,id,posted_at,captured_at,likes,comments,views,format,style,relationship,"
	            "paid_label,sponsor,language,caption) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)");
	partnership =
	    prepare("INSERT OR IGNORE INTO partnership(creator_id,brand,kind,started_on,ended_on,exclusive_until,fee,"
	            "currency) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)");
	coverage = prepare("INSERT OR IGNORE INTO coverage VALUES(?1,?2,?3,?4,'sample')");
}

/* A language, a TAB, the caption, a NUL, and so on. */
static FILE *captions;
static void bind_caption(size_t home) {
	static char *line;
	static size_t capacity;
	if (!captions) {
		text(post, 13, places[home].language);
		text(post, 14, places[home].captions[below(COUNT(places[home].captions))]);
		return;
	}
	if (getdelim(&line, &capacity, 0, captions) < 0) { /* from the beginning again */
		rewind(captions);
		if (getdelim(&line, &capacity, 0, captions) < 0)
			stop("captions");
	}
	char *tab = strchr(line, '\t');
	if (!tab)
		stop("captions without a language");
	sqlite3_bind_text(post, 13, line, (int)(tab - line), SQLITE_TRANSIENT);
	text(post, 14, tab + 1);
}

static void share_of(int64_t id, const char *dimension, const char *segment, double share) {
	whole(audience, 1, (double)id);
	text(audience, 2, dimension);
	text(audience, 3, segment);
	real(audience, 4, share);
	store(audience);
}

/* Home first, then others; some lists stop early, as the platforms' top-five lists do. */
static void add_audience(int64_t id, size_t home) {
	if (chance(0.03))
		return;
	double left = 1, share = between(0.35, 0.92);
	size_t at = home;
	for (int i = 0; i < 4 && left > 0.02; i++) {
		share_of(id, "country", places[at].country, share);
		left -= share;
		share = left * between(0.3, 0.7);
		at = i == 0 ? (home == 0 ? 2 : 0) : (at + 1 + below(3)) % COUNT(places);
		if (chance(0.1))
			break;
	}
	if (chance(0.92)) {
		double women = between(0.2, 0.85);
		share_of(id, "gender", "female", women);
		share_of(id, "gender", "male", 1 - women);
	}
	if (chance(0.08))
		return;
	double minors = chance(0.06) ? between(0.2, 0.5) : between(0, 0.1), rest = 1 - minors;
	share_of(id, "age", ages[0], minors);
	for (size_t i = 1; i < COUNT(ages) && rest > 0.01; i++) {
		double part = i + 1 == COUNT(ages) ? rest : rest * between(0.3, 0.6);
		share_of(id, "age", ages[i], part);
		rest -= part;
	}
}

/* To the end of the day; days 0: from the beginning. */
static void cover(int64_t id, const char *of, int days, int64_t now) {
	whole(coverage, 1, (double)id);
	text(coverage, 2, of);
	if (days)
		whole(coverage, 3, (double)(now - days * (int64_t)DAY));
	whole(coverage, 4, (double)(now + DAY - 1));
	store(coverage);
}

static void add_history(int64_t id, double followers, double rate, int64_t now) {
	if (chance(0.1))
		return;
	bool spike = chance(0.03);
	for (int months = 3; months >= 0; months--) {
		double then = followers * pow(spike && months > 1 ? 0.6 : 0.985, months);
		whole(history, 1, (double)id);
		whole(history, 2, (double)(now - (int64_t)months * 30 * DAY));
		whole(history, 3, then);
		real(history, 4, rate * between(0.9, 1.1));
		store(history);
	}
	if (chance(0.97))
		cover(id, "history", 120, now);
}

static void add_posts(int64_t id, size_t home, int most, double likes, double paid_share, int64_t now) {
	int count = most > 0 ? 1 + (int)below((size_t)most * 2 - 1) : 0;
	for (int i = 0; i < count; i++) {
		char name[24];
		snprintf(name, sizeof name, "p%04d", i);
		int64_t posted = now - (int64_t)((i + unit()) * 120.0 / count * DAY);
		bool paid = chance(paid_share);
		whole(post, 1, (double)id);
		text(post, 2, name);
		whole(post, 3, (double)posted);
		whole(post, 4, (double)now);
		if (chance(0.97))
			whole(post, 5, around(likes, 0.5));
		whole(post, 6, around(likes * 0.04, 0.6));
		if (chance(0.9))
			whole(post, 7, around(likes * 12, 0.5));
		text(post, 8, formats[below(COUNT(formats))]);
		text(post, 9, styles[below(COUNT(styles))]);
		if (paid) {
			text(post, 10, chance(0.7) ? "paid" : "gifted");
			whole(post, 11, chance(0.9));
			text(post, 12, brands[below(COUNT(brands))]);
		} else if (chance(0.98)) {
			whole(post, 11, 0);
		}
		bind_caption(home);
		store(post);
	}
	if (count > 0 && chance(0.95))
		cover(id, "posts", 120, now);
}

static void add_partnerships(int64_t id, size_t home, double fee, int64_t now) {
	for (size_t i = chance(0.6) ? 0 : 1 + below(3); i > 0; i--) {
		int64_t start = now - (int64_t)between(10, 400) * DAY, end = start + (int64_t)between(7, 90) * DAY;
		whole(partnership, 1, (double)id);
		text(partnership, 2, brands[below(COUNT(brands))]);
		text(partnership, 3, "paid");
		whole(partnership, 4, (double)start);
		whole(partnership, 5, (double)end);
		if (chance(0.25))
			whole(partnership, 6, (double)(end + 180 * (int64_t)DAY));
		real(partnership, 7, fee);
		text(partnership, 8, places[home].currency);
		store(partnership);
	}
	if (chance(0.96))
		cover(id, "partnerships", 0, now);
}

/* Units of each place's currency for about one euro. */
static const double per_euro[COUNT(places)] = {1.1, 1, 0.85, 1, 1, 6, 165, 1500, 35, 4, 92, 38};

static void add_creator(int64_t id, int posts, int64_t now) {
	/* Two in three live where the sample campaigns sell. */
	size_t home = chance(0.65) ? below(3) : below(COUNT(places));
	const char *platform = platforms[below(COUNT(platforms))];
	const char *a = first[below(COUNT(first))], *b = second[below(COUNT(second))];
	char handle[80], name[80];
	snprintf(handle, sizeof handle, "%s.%s.%lld", a, b, (long long)id);
	snprintf(name, sizeof name, "%c%s %c%s", a[0] - 32, a + 1, b[0] - 32, b + 1);
	double followers = fmin(around(22000, 1.1) + 900, 2e7);
	double rate = fmin(around(0.035 * pow(20000 / followers, 0.12), chance(0.04) ? 1.3 : 0.35), 0.9);
	double views = followers * around(0.35, 0.3);
	double fee = around(views * 0.014, 0.3) * per_euro[home];
	double paid_share = chance(0.05) ? between(0.4, 0.8) : between(0.02, 0.25);

	whole(creator, 1, (double)id);
	text(creator, 2, platform);
	text(creator, 3, handle);
	if (chance(0.99))
		whole(creator, 4, followers);
	whole(creator, 5, around(600, 0.8));
	whole(creator, 6, around(500, 0.8));
	whole(creator, 7, chance(0.1));
	whole(creator, 8, chance(0.005));
	whole(creator, 9, (double)(now - (int64_t)between(200, 3000) * DAY));
	if (chance(0.97))
		real(creator, 10, rate);
	real(creator, 11, followers * rate * 0.94);
	real(creator, 12, followers * rate * 0.05);
	if (chance(0.97))
		real(creator, 13, views);
	if (chance(0.8))
		real(creator, 14, between(0.2, 0.7));
	if (chance(0.95))
		real(creator, 15, between(-0.01, 0.05));
	if (chance(0.96))
		real(creator, 16, chance(0.06) ? between(0.3, 0.65) : between(0.7, 0.98));
	if (chance(0.9))
		real(creator, 17, paid_share);
	if (chance(0.95)) {
		real(creator, 18, fee);
		text(creator, 19, places[home].currency);
	}
	if (chance(0.97))
		text(creator, 20, places[home].country);
	if (chance(0.97))
		text(creator, 21, places[home].language);
	text(creator, 22, categories[below(COUNT(categories))]);
	whole(creator, 23, (double)(now - (int64_t)between(0, 40) * DAY));
	text(creator, 24, name);
	store(creator);

	add_audience(id, home);
	add_history(id, followers, rate, now);
	add_posts(id, home, posts, followers * rate, paid_share, now);
	add_partnerships(id, home, fee, now);
}

static int64_t number(const char *text_of, const char *option) {
	char *end;
	errno = 0;
	long long n = strtoll(text_of, &end, 10);
	if (errno || *end || end == text_of || n < 0) {
		fprintf(stderr, "generate: %s takes a whole number, not '%s'\n", option, text_of);
		exit(2);
	}
	return n;
}

static int64_t day(const char *s) {
	struct tm tm = {0};
	const char *end = strptime(s, "%Y-%m-%d", &tm);
	if (!end || *end) {
		fprintf(stderr, "generate: --as-of takes a date such as 2026-11-20, not '%s'\n", s);
		exit(2);
	}
	return (int64_t)timegm(&tm);
}

int main(int argc, char **argv) {
	int64_t creators = 4000, posts = 6, seed = 1, now = day("2026-11-20");
	const char *path = NULL;
	for (int i = 1; i < argc; i++) {
		const char *option = argv[i];
		if (option[0] != '-') {
			path = option;
			continue;
		}
		const char *argument = i + 1 < argc ? argv[++i] : "";
		if (!strcmp(option, "--creators"))
			creators = number(argument, option);
		else if (!strcmp(option, "--posts"))
			posts = number(argument, option);
		else if (!strcmp(option, "--seed"))
			seed = number(argument, option);
		else if (!strcmp(option, "--as-of"))
			now = day(argument);
		else if (!strcmp(option, "--captions")) {
			if (!(captions = fopen(argument, "rb")))
				stop(argument);
		} else
			path = NULL, i = argc;
	}
	if (!path || posts > 1000) {
		fprintf(stderr,
		        "usage: generate [--creators N] [--posts N] [--captions FILE] [--seed N] [--as-of DATE] ROSTER\n"
		        "ROSTER is one that `kolander import` has made.\n");
		return 2;
	}
	state = (uint64_t)seed;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		stop(path);
	run("PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; BEGIN IMMEDIATE");
	sqlite3_stmt *st = prepare("SELECT coalesce(max(id), 0) FROM creator");
	int64_t last = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_finalize(st);
	prepare_all();
	for (int64_t i = 1; i <= creators; i++)
		add_creator(last + i, (int)posts, now);
	sqlite3_stmt *all[] = {creator, audience, history, post, partnership, coverage};
	for (size_t i = 0; i < COUNT(all); i++)
		sqlite3_finalize(all[i]);
	run("COMMIT; ANALYZE");
	sqlite3_close(db);
	return 0;
}
