/* language_test.c: made-up captions and the language that each is in, with the hashtags and English brand words that
 * such captions have. At least 95 in 100 must be right or unsaid, and at most 2 in 100 wrong. What must be said, or
 * must not be, is asked one by one. Prints TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "text/language.h"

static int tests, failures;

static void check(bool ok, const char *what, const char *detail) {
	printf("%s %d - %s%s%s\n", ok ? "ok" : "not ok", ++tests, what, ok ? "" : " # ", ok ? "" : detail);
	failures += !ok;
}

typedef struct caption {
	const char *language, *text;
} caption;

static const caption captions[] = {
    {"en", "I love this tea"},
    {"en", "New in: the softest hoodie ever 🧡 which colour would you pick? #ootd"},
    {"en", "Trying out the Brisk cold brew, link in bio!"},
    {"en", "Honest review after three weeks. It works, but the smell is a lot"},
    {"en", "#ad My morning routine with @brisk.official ☕"},
    {"en", "get ready with me for a wedding 💍"},
    {"en", "POV: you finally found a sunscreen that doesn't pill"},
    {"en", "Can't believe how good these are"},
    {"en", "Use code LENA20 for 20% off your first order"},
    {"en", "what I eat in a day as a runner"},
    {"en", "Dinner in Café de Flore was everything we hoped for"},
    {"en", "We tried 小米's new phone and it is so fast"},
    {"en", "Thank you so much to everyone who came out last night"},
    {"de", "Das ist mein Lieblingstee"},
    {"de", "Werbung | Mein neues Outfit von Brisk ist endlich da 😍 #ootd #fashion"},
    {"de", "Ich liebe diesen Lippenstift"},
    {"de", "Heute gibt es ein schnelles Rezept für euch: Pasta mit Zitrone"},
    {"de", "Wer kennt das nicht? Keine Zeit und trotzdem Hunger"},
    {"de", "Mit LENA20 spart ihr 20 % auf alles im Shop"},
    {"de", "Unser Wochenende in Hamburg war einfach wunderschön"},
    {"de", "Get ready with me – heute geht es auf eine Hochzeit"},
    {"de", "Die Tasche ist so schön, ich nehme sie überall mit hin"},
    {"de", "Könnt ihr mir eine gute Sonnencreme empfehlen?"},
    {"de", "Anzeige: Dieser Rucksack hat 30 Liter und passt trotzdem ins Handgepäck"},
    {"de", "ehrlich gesagt war ich etwas enttäuscht"},
    {"fr", "J'adore ce nouveau parfum, il sent tellement bon"},
    {"fr", "Collaboration commerciale – ma routine du soir avec Brisk ✨ #skincare"},
    {"fr", "On a testé le meilleur café de Lyon et on vous dit tout"},
    {"fr", "Petit week-end à la mer avec les enfants"},
    {"fr", "Le code LENA10 vous donne -10% sur tout le site"},
    {"fr", "Qui veut la recette de ces cookies ?"},
    {"fr", "Je ne sais pas pour vous mais moi je suis fan"},
    {"fr", "Mes trois produits préférés de l'été"},
    {"fr", "C'est la robe parfaite pour un mariage"},
    {"fr", "Merci pour vos messages, vous êtes incroyables ❤️"},
    {"fr", "Unboxing de ma commande, et franchement je suis déçue"},
    {"es", "Me encanta este té, lo tomo todas las mañanas"},
    {"es", "Publicidad: mi rutina de noche con Brisk ✨ #skincare"},
    {"es", "¿Quién quiere la receta de estas galletas?"},
    {"es", "Con el código ANA20 tienes un 20% de descuento"},
    {"es", "Hoy os enseño mi nuevo look para el trabajo"},
    {"es", "No puedo creer lo bien que funciona"},
    {"es", "Un fin de semana en la playa con mi familia"},
    {"es", "Gracias por todos los mensajes, son los mejores"},
    {"es", "Estos son mis productos favoritos del verano"},
    {"es", "La verdad es que me ha decepcionado un poco"},
    {"es", "Get ready with me para una boda 💍"},
    {"it", "Adoro questo tè, lo bevo ogni mattina"},
    {"it", "Pubblicità: la mia routine della sera con Brisk ✨ #skincare"},
    {"it", "Chi vuole la ricetta di questi biscotti?"},
    {"it", "Con il codice GIULIA10 avete il 10% di sconto su tutto il sito"},
    {"it", "Oggi vi faccio vedere il mio nuovo outfit per il lavoro"},
    {"it", "Non posso credere a quanto funziona bene"},
    {"it", "Un fine settimana al mare con la mia famiglia"},
    {"it", "Grazie a tutti per i messaggi, siete fantastici"},
    {"it", "Questi sono i miei prodotti preferiti dell'estate"},
    {"it", "Sinceramente sono un po' delusa, ma il profumo è buono"},
    {"it", "Prodotto inviato da Brisk, che ne pensate?"},
    {"pt", "Amo esse chá, tomo todas as manhãs"},
    {"pt", "Publi: minha rotina da noite com a Brisk ✨ #skincare"},
    {"pt", "Quem quer a receita desses biscoitos?"},
    {"pt", "Com o cupom BIA10 você ganha 10% de desconto"},
    {"pt", "Hoje eu vou mostrar meu novo look para o trabalho"},
    {"pt", "Não acredito como isso funciona bem"},
    {"pt", "Um fim de semana na praia com a minha família"},
    {"pt", "Obrigada por todas as mensagens, vocês são demais"},
    {"pt", "Estes são os meus produtos favoritos do verão"},
    {"pt", "Sinceramente fiquei um pouco decepcionada, mas o cheiro é bom"},
    {"pt", "Arrume-se comigo para um casamento 💍"},
    {"nl", "Ik hou van deze thee, elke ochtend"},
    {"nl", "Advertentie: mijn avondroutine met Brisk ✨ #skincare"},
    {"nl", "Wie wil het recept van deze koekjes?"},
    {"nl", "Met kortingscode SANNE15 krijg je 15% korting op alles"},
    {"nl", "Vandaag laat ik jullie mijn nieuwe outfit voor het werk zien"},
    {"nl", "Ik kan niet geloven hoe goed dit werkt"},
    {"nl", "Een weekend aan zee met mijn gezin"},
    {"nl", "Bedankt voor alle berichten, jullie zijn geweldig"},
    {"nl", "Dit zijn mijn favoriete producten van de zomer"},
    {"nl", "Eerlijk gezegd was ik een beetje teleurgesteld"},
    {"nl", "Get ready with me voor een bruiloft 💍"},
    {"tr", "Bu çayı çok seviyorum, her sabah içiyorum"},
    {"tr", "#reklam Brisk ile akşam rutinim ✨ #skincare"},
    {"tr", "Bu kurabiyelerin tarifini kim ister?"},
    {"tr", "AYSE10 koduyla %10 indirim kazanın"},
    {"tr", "Bugün size işe giderken giydiğim yeni kombini göstereceğim"},
    {"tr", "Bu kadar iyi çalıştığına inanamıyorum"},
    {"tr", "Ailemle denizde bir hafta sonu"},
    {"tr", "Bütün mesajlarınız için teşekkürler, harikasınız"},
    {"tr", "Bunlar yazın en sevdiğim ürünleri"},
    {"tr", "Açıkçası biraz hayal kırıklığına uğradım ama kokusu güzel"},
    {"tr", "Benimle birlikte düğüne hazırlan 💍"},
    {"ru", "Обожаю этот чай, пью каждое утро"},
    {"ru", "Реклама. Мой вечерний уход с Brisk ✨ #skincare"},
    {"ru", "Кому рецепт этого печенья?"},
    {"ru", "По промокоду LENA20 скидка 20% на всё"},
    {"ru", "Сегодня покажу вам свой новый образ для работы"},
    {"ru", "Не могу поверить, как хорошо это работает"},
    {"ru", "Выходные на море с семьёй"},
    {"ru", "Спасибо за все сообщения, вы лучшие"},
    {"ru", "Мои любимые продукты этого лета"},
    {"ru", "Честно говоря, я немного разочарована"},
    {"ru", "Dyson Airwrap обзор, стоит ли покупать?"},
    {"uk", "Обожнюю цей чай, п'ю його щоранку"},
    {"uk", "Хто хоче рецепт цього печива?"},
    {"uk", "Сьогодні покажу вам свій новий образ для роботи"},
    {"uk", "Це мої улюблені продукти цього літа"},
    {"uk", "Дякую за всі повідомлення, ви найкращі"},
    {"zh", "这个茶真的太好喝了，每天早上都要来一杯"},
    {"zh", "#广告 我的晚间护肤步骤，和Brisk一起 ✨"},
    {"zh", "谁想要这个饼干的做法？"},
    {"zh", "优惠码BRISK20，全场八折"},
    {"zh", "今天試了 Dior Forever Skin Glow 粉底液，真的很好用"},
    {"zh", "周末和家人去海边"},
    {"zh", "踩雷了，这支口红一点都不显白"},
    {"zh", "謝謝大家的留言，你們最棒了"},
    {"zh", "新品开箱"},
    {"zh", "好吃到哭の小蛋糕，推荐给大家一定要去试试看"},
    {"zh", "#新品上市# 终于买到了 @Brisk官方"},
    {"ja", "このお茶が大好きで毎朝飲んでいます"},
    {"ja", "#PR Briskさんの新作スキンケア ✨"},
    {"ja", "クッキーのレシピ知りたい人？"},
    {"ja", "クーポンコード「LENA20」で20%オフ"},
    {"ja", "今日の仕事コーデ紹介します"},
    {"ja", "週末は家族と海へ"},
    {"ja", "新商品発売中"},
    {"ja", "正直ちょっとがっかりしました"},
    {"ja", "たくさんのメッセージありがとう！"},
    {"ja", "めっちゃ可愛い"},
    {"ja", "Dyson Airwrap使ってみた"},
    {"ko", "이 차 정말 좋아해요, 매일 아침 마셔요"},
    {"ko", "[광고] Brisk와 함께하는 저녁 루틴 ✨ #skincare"},
    {"ko", "이 쿠키 레시피 원하시는 분?"},
    {"ko", "할인코드 LENA10 쓰면 10% 할인"},
    {"ko", "오늘 출근룩 보여드릴게요"},
    {"ko", "가족과 함께 바다에서 주말"},
    {"ko", "솔직히 조금 실망했어요"},
    {"ko", "메시지 주셔서 감사합니다"},
    {"ko", "여름 최애템 추천"},
    {"ko", "신상 언박싱 Dyson Airwrap Complete"},
    {"th", "ชอบชานี้มาก ดื่มทุกเช้าเลย"},
    {"th", "#โฆษณา สกินแคร์ตอนเย็นกับ Brisk ✨"},
    {"th", "ใครอยากได้สูตรคุกกี้นี้บ้าง"},
    {"th", "โค้ดส่วนลด LENA10 ลด 10%"},
    {"th", "วันนี้จะพาไปดูชุดทำงานใหม่"},
    {"th", "สุดสัปดาห์ที่ทะเลกับครอบครัว"},
    {"th", "พูดตรงๆ ผิดหวังนิดหน่อย"},
    {"th", "ขอบคุณทุกข้อความนะคะ"},
    {"th", "ของโปรดหน้าร้อน"},
    {"th", "รีวิว Dyson Airwrap Complete Long"},
    {"ar", "أحب هذا الشاي كثيرا وأشربه كل صباح"},
    {"ar", "#إعلان روتيني المسائي مع Brisk ✨"},
    {"ar", "من يريد وصفة هذا البسكويت؟"},
    {"ar", "كود خصم LENA10 خصم ١٠٪"},
    {"ar", "اليوم سأريكم إطلالتي الجديدة للعمل"},
    {"ar", "لا أصدق كم هو رائع"},
    {"ar", "عطلة نهاية الأسبوع على البحر مع عائلتي"},
    {"ar", "بصراحة خاب ظني قليلا"},
    {"ar", "شكرا على كل الرسائل"},
    {"ar", "منتجاتي المفضلة في الصيف"},
    {"fa", "عاشق این چای هستم، هر روز صبح می‌نوشم"},
    {"fa", "کی دستور این کلوچه رو می‌خواد؟"},
    {"fa", "کد تخفیف LENA10 برای شما"},
    {"fa", "امروز استایل جدیدم رو بهتون نشون می‌دم"},
    {"fa", "راستش کمی ناامید شدم"},
    {"hi", "मुझे यह चाय बहुत पसंद है, रोज़ सुबह पीती हूँ"},
    {"hi", "#विज्ञापन Brisk के साथ मेरी शाम की दिनचर्या ✨"},
    {"hi", "इस कुकी की रेसिपी किसे चाहिए?"},
    {"hi", "कूपन कोड LENA10 से 10% छूट"},
    {"hi", "आज मैं आपको अपना नया लुक दिखाऊँगी"},
    {"hi", "विश्वास नहीं होता कि यह कितना अच्छा है"},
    {"hi", "परिवार के साथ समुद्र किनारे"},
    {"hi", "सच कहूँ तो थोड़ी निराशा हुई"},
    {"hi", "सभी संदेशों के लिए धन्यवाद"},
    {"hi", "गर्मियों की मेरी पसंदीदा चीज़ें"},
    {"pl", "Uwielbiam tę herbatę, piję ją codziennie rano"},
    {"pl", "Kto chce przepis na te ciasteczka?"},
    {"pl", "Z kodem LENA10 macie 10% zniżki na wszystko"},
    {"sv", "Jag älskar det här teet, dricker det varje morgon"},
    {"sv", "Vem vill ha receptet på de här kakorna?"},
    {"da", "Jeg elsker denne te, jeg drikker den hver morgen"},
    {"no", "Jeg elsker denne teen, drikker den hver morgen"},
    {"fi", "Rakastan tätä teetä, juon sitä joka aamu"},
    {"vi", "Mình rất thích trà này, sáng nào cũng uống"},
    {"id", "Aku suka banget teh ini, setiap pagi pasti minum"},
    {"el", "Λατρεύω αυτό το τσάι, το πίνω κάθε πρωί"},
    {"he", "אני אוהבת את התה הזה"},
    {NULL, "Dyson Airwrap Complete Long"},
    {NULL, "#ootd #fashion #love"},
    {NULL, "✨✨✨"},
    {NULL, ""},
    {NULL, "@brisk @lena https://example.com/the/and/you"},
    {NULL, "OMG"},
    {NULL, "100% 20ml 3x"},
    {NULL, "Paris, Milano, London"},
    {NULL, "Zara H&M Mango"},
};

/* What the lexicon of this test says: enough for the mechanism. */
static const char small[] =
    "-- small words\n\n[en]\nthe\t3\nis\t1\n[de]\nder\t3\ndas\t3\nist\t2\nmein\t2\nist das\t3\n";

typedef struct setup {
	arena memory;
	lexicon *languages;
	int count;
	matcher *matcher;
	struct kol_problems problems;
	folded text;
	hits hits;
} setup;

static bool prepare(setup *s, const char *path, str bytes) {
	if (!language_read(&s->memory, path, bytes, &s->languages, &s->count, &s->problems))
		return false;
	const lexicon **list = ARENA_ARRAY(&s->memory, const lexicon *, s->count + 1);
	/* The languages stand second in the matcher's list: `first` is 1. */
	lexicon *other = ARENA_NEW(&s->memory, lexicon);
	if (!list || !other || !lexicon_add(&s->memory, other, (term){.text = STR("tea"), .weight = 1}))
		return false;
	other->name = "other";
	list[0] = other;
	for (int i = 0; i < s->count; i++)
		list[i + 1] = &s->languages[i];
	kol_error err;
	return matcher_new(list, s->count + 1, &s->matcher, &err) == KOL_OK;
}

static void finish(setup *s) {
	matcher_free(s->matcher);
	hits_free(&s->hits);
	fold_free(&s->text);
	problems_free(&s->problems);
	arena_free(&s->memory);
}

static const char *ask(setup *s, str text) {
	if (!fold_text(&s->text, text) || !matcher_scan(s->matcher, &s->text, &s->hits))
		return "no memory";
	return language_of(&s->text, 0, s->text.n, s->matcher, &s->hits, s->languages, 1, s->count);
}

static bool same(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

static void mechanism(void) {
	setup s = {0};
	if (!prepare(&s, "languages.txt", STR(small))) {
		check(false, "the small lexicon", "");
		return;
	}
	check(s.count == 2 && same(s.languages[1].name, "de") && s.languages[1].count == 5 &&
	          s.languages[1].terms[0].weight == 3 && s.languages[1].terms[0].line == 7,
	      "a file of small words becomes a lexicon for each language", "");
	check(same(ask(&s, STR("das ist mein Tee")), "de"), "small words tell", "");
	check(same(ask(&s, STR("der the")), NULL), "as many of one as of another: nothing is said", "");
	check(same(ask(&s, STR("#das #ist @mein https://ist.das/der")), NULL), "tags, handles and links do not count", "");
	str two = STR("the tea is the best. Das ist mein Tee, der ist gut");
	ask(&s, two);
	check(same(language_of(&s.text, 0, 20, s.matcher, &s.hits, s.languages, 1, s.count), "en") &&
	          same(language_of(&s.text, 21, s.text.n, s.matcher, &s.hits, s.languages, 1, s.count), "de"),
	      "parts of a text are asked one by one", "");
	check(s.problems.count == 0, "nothing is wrong with the file", "");
	finish(&s);

	setup bad = {0};
	prepare(&bad, "bad.txt", STR("the\t3\n[en]\nis\tx\nwas\t-1\n\t2\n\xFF\t1\nand\n"));
	check(bad.problems.count == 5 && bad.problems.items[0].line == 1 && bad.problems.items[4].line == 6,
	      "a line that cannot be read is named", "");
	check(bad.count == 1 && bad.languages[0].count == 1 && bad.languages[0].terms[0].weight == 1,
	      "a word without a weight weighs 1", "");
	finish(&bad);
}

static bool read_file(const char *path, buffer *out) {
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	char block[4096];
	for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
		buffer_add(out, block, n);
	fclose(f);
	return !out->failed;
}

static void measure(void) {
	const char *stdlib = getenv("KOLANDER_STDLIB");
	char path[512];
	snprintf(path, sizeof path, "%s/lexicons/languages.txt", stdlib ? stdlib : "stdlib");
	buffer bytes = {0};
	setup s = {0};
	if (!read_file(path, &bytes) || !prepare(&s, path, (str){bytes.p, bytes.n})) {
		check(false, "the languages of stdlib", path);
		return;
	}
	check(s.problems.count == 0, "nothing is wrong with stdlib's file",
	      s.problems.count ? s.problems.items->message : "");
	int right = 0, wrong = 0, unsaid = 0, all = (int)(sizeof captions / sizeof *captions);
	for (int i = 0; i < all; i++) {
		const char *said = ask(&s, str_of(captions[i].text));
		bool good = same(said, captions[i].language);
		right += good;
		unsaid += !good && !said;
		wrong += !good && said;
		if (!good)
			printf("# %s, not %s: %s\n", said ? said : "nothing",
			       captions[i].language ? captions[i].language : "nothing", captions[i].text);
	}
	printf("# %d captions: %d right, %d unsaid, %d wrong\n", all, right, unsaid, wrong);
	check(100 * (right + unsaid) >= 98 * all, "at most 2 in 100 are wrong", "");
	check(100 * right >= 90 * all, "at least 90 in 100 are told", "");
	check(same(ask(&s, STR("Das ist mein Lieblingstee")), "de"), "four words of German", "");
	check(same(ask(&s, STR("I love this tea")), "en"), "four words of English", "");
	buffer big = {0};
	while (big.n < 1 << 20)
		buffer_z(&big, "the das é ß ");
	clock_t began = clock();
	ask(&s, (str){big.p, big.n});
	check(clock() - began < 10 * CLOCKS_PER_SEC, "a megabyte", "");
	buffer_free(&big);
	finish(&s);
	buffer_free(&bytes);
}

int main(void) {
	mechanism();
	measure();
	printf("1..%d\n", tests);
	return failures != 0;
}
