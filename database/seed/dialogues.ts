/**
 * Conversations of the demo shop. A line is who speaks (`c` customer, `a` agent), the minutes since the line before, and
 * what is said. Those that end with the customer wait for an answer.
 */
export interface Dialogue {
  language: 'en' | 'ar';
  tags: readonly string[];
  lines: readonly (readonly ['c' | 'a', number, string])[];
  note?: string;
}

export const dialogues: readonly Dialogue[] = [
  {
    language: 'en',
    tags: ['Delivery'],
    lines: [
      ['c', 0, 'Hi! I ordered the Aurora floor lamp last Tuesday, order 48213. Any news on delivery?'],
      ['a', 6, 'Hello! Let me look that up for you.'],
      ['a', 2, 'It left our warehouse this morning and arrives on Thursday between 10:00 and 13:00.'],
      ['c', 3, 'Perfect, Thursday works. Can the driver call 20 minutes before?'],
      ['a', 4, 'Of course, I have added that to the delivery note.'],
      ['c', 1, 'Great service, thank you 🙏'],
    ],
  },
  {
    language: 'en',
    tags: [],
    lines: [
      ['c', 0, 'Do you have the Oslo dining table in walnut?'],
      ['a', 11, 'We do, in 180 and 220 cm. Which size are you thinking of?'],
      ['c', 5, '220. What is the lead time to Dubai?'],
    ],
  },
  {
    language: 'en',
    tags: ['Complaint'],
    lines: [
      ['c', 0, 'The glass shade of my pendant arrived broken 😞'],
      ['c', 1, 'I can send photos'],
      ['a', 9, 'I am very sorry about that. A photo of the shade and of the box helps us with the courier, please.'],
      ['c', 14, 'Sent them by e-mail as well. Will I get a replacement or a refund?'],
    ],
    note: 'Second breakage from this courier in a month. Offer express replacement.',
  },
  {
    language: 'en',
    tags: ['Wholesale'],
    lines: [
      ['c', 0, 'We are fitting out 40 rooms and need bedside lamps. Do you offer trade prices?'],
      ['a', 18, 'We do: 12% from 20 pieces and 18% from 50. May I send you our trade catalogue?'],
      ['c', 7, 'Yes please. We also need reading lights, about 40 as well.'],
      ['a', 12, 'Then the 18% applies to everything. I will prepare a quotation today.'],
      ['c', 4, 'Wonderful, looking forward to it.'],
    ],
    note: 'Budget about 9k. Decision by end of month, contact is the procurement lead.',
  },
  {
    language: 'en',
    tags: ['Returning customer'],
    lines: [
      ['c', 0, 'Hey, is the showroom open on Saturday?'],
      ['a', 3, 'Yes, from 10:00 to 18:00. Shall I book you a time with a consultant?'],
      ['c', 2, 'Around 11 would be lovely'],
      ['a', 2, 'Booked for 11:00 with Sara. See you on Saturday!'],
    ],
  },
  {
    language: 'en',
    tags: [],
    lines: [['c', 0, 'Can I change the colour of order 48377 from brass to black before it ships?']],
  },
  {
    language: 'en',
    tags: ['Delivery'],
    lines: [
      ['c', 0, 'My parcel says delivered but nothing is here.'],
      [
        'a',
        8,
        'That should not happen. The courier reports a signature “R. Marsh” at 14:05, does that name mean something to you?',
      ],
      ['c', 2, 'That is my neighbour! Let me ask.'],
      ['c', 25, 'Found it, sorry for the trouble 😅'],
      ['a', 2, 'No trouble at all. Enjoy the lamp!'],
    ],
  },
  {
    language: 'en',
    tags: ['VIP'],
    lines: [
      ['c', 0, 'The dimmer of the Halo chandelier hums at low levels. Is that normal?'],
      ['a', 21, 'It should be silent. Which dimmer model is installed?'],
      ['c', 9, 'It says LD-250 on the back'],
      [
        'a',
        5,
        'That one is for incandescent bulbs. I will send you our LED dimmer at no charge, it is a five minute swap.',
      ],
      ['c', 3, 'Wow, thank you so much'],
    ],
  },
  {
    language: 'en',
    tags: [],
    lines: [
      ['c', 0, 'What is your return policy for sale items?'],
      ['a', 4, '14 days, unused and in the original box. Return shipping is free within the country.'],
      ['c', 1, 'Thanks!'],
    ],
  },
  {
    language: 'en',
    tags: [],
    lines: [
      ['c', 0, 'Invoice for order 47990 please, with our VAT number GB 284 1123 07'],
      ['a', 33, 'Here you are, I have just sent it to your e-mail address.'],
      ['c', 10, 'The company name is misspelled, it is Hartwell with two l'],
    ],
  },
  {
    language: 'ar',
    tags: ['Delivery'],
    lines: [
      ['c', 0, 'السلام عليكم، طلبت كنبة رمادي من أسبوع ولسه ما وصلتش'],
      ['a', 7, 'وعليكم السلام، أهلًا بحضرتك. ممكن رقم الطلب؟'],
      ['c', 2, '48102'],
      ['a', 5, 'الطلب خرج للتوصيل وهيوصل بكرة بين ١٢ و ٣ العصر إن شاء الله'],
      ['c', 1, 'تمام شكرًا جزيلًا'],
    ],
  },
  {
    language: 'ar',
    tags: [],
    lines: [
      ['c', 0, 'مساء الخير، كم سعر طاولة الطعام Oslo مقاس ١٨٠؟'],
      ['a', 12, 'مساء النور! السعر ٣٤٩٠ درهم شامل التوصيل والتركيب داخل دبي.'],
      ['c', 6, 'وهل يوجد تقسيط؟'],
    ],
  },
  {
    language: 'ar',
    tags: ['VIP'],
    lines: [
      ['c', 0, 'محتاجة حد يساعدني أختار إضاءة لغرفة المعيشة، المساحة ٦ × ٥'],
      ['a', 9, 'بكل سرور. تفضلين إضاءة دافئة أم محايدة؟ ولو فيه صورة للغرفة تساعدنا كثيرًا.'],
      ['c', 15, 'دافئة. هبعت الصور النهارده بالليل'],
      ['a', 2, 'ممتاز، في انتظارك 🌿'],
    ],
    note: 'عميلة مميزة، تهتم بالتصميم الاسكندنافي. الميزانية حوالي ٤٠ ألف.',
  },
  {
    language: 'ar',
    tags: ['Complaint'],
    lines: [
      ['c', 0, 'وصلني المصباح بلون مختلف عن الصورة'],
      ['a', 10, 'نعتذر جدًا عن هذا الخطأ. هل تفضل الاستبدال أم استرداد المبلغ؟'],
      ['c', 4, 'استبدال لو سمحتم'],
      ['a', 3, 'تم تسجيل طلب الاستبدال، سيتواصل معك المندوب غدًا.'],
      ['c', 180, 'لم يتواصل معي أحد حتى الآن!'],
    ],
  },
  {
    language: 'ar',
    tags: [],
    lines: [['c', 0, 'هل المعرض مفتوح يوم الجمعة؟']],
  },
  {
    language: 'ar',
    tags: ['Wholesale'],
    lines: [
      ['c', 0, 'نحن شركة مقاولات ونحتاج عرض سعر لـ 120 وحدة إضاءة سقف'],
      ['a', 14, 'أهلًا وسهلًا، يسعدنا ذلك. هل لديكم مواصفات محددة (القدرة، درجة اللون)؟'],
      ['c', 22, '18 وات، 3000K، والتسليم خلال شهرين في القاهرة الجديدة'],
      ['a', 30, 'ممتاز، سأرسل عرض السعر خلال يومي عمل.'],
    ],
  },
  {
    language: 'ar',
    tags: ['Returning customer'],
    lines: [
      ['c', 0, 'شكرًا على الخدمة الممتازة، الأثاث وصل في الميعاد والتركيب كان سريع 👏'],
      ['a', 5, 'سعدنا جدًا بكلامك! تقييمك على الموقع يهمنا كثيرًا.'],
    ],
  },
];
