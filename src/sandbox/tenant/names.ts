/**
 * Names of people, by language. A name with a space in it is written with `_`; a name whose script is not Latin carries
 * its romanised form after a colon, from which addresses are made.
 */

/** The names of one language area. */
export interface NamePool {
  readonly given: readonly string[];
  readonly surnames: readonly string[];
}

/** The name pools, by BCP 47 language tag. */
export const namePools = {
  'en-US': pool(
    `Abigail Adrian Alice Amber Andrew Ashley Austin Brandon Brooke Caleb Carter Chloe Claire Cole Connor Daisy Dylan Eleanor
     Emily Ethan Gavin Grace Hannah Hazel Hunter Jasmine Jordan Kayla Logan Madison Mason Megan Morgan Naomi Owen Paige
     Quinn Riley Savannah Tyler`,
    `Abbott Aldridge Barlow Beckett Bradshaw Brewster Calloway Chambers Colby Crawford Dalton Dawson Ellison Fairbanks Fletcher
     Garrison Granger Hargrove Hollis Ingram Jennings Kendrick Langley Lockwood Mercer Merritt Norwood Null O'Brien O'Connor Pemberton
     Prescott Quimby Radcliffe Sheffield Stanton Thornton Underhill Vance Whitaker Yates`,
  ),
  'en-GB': pool(
    `Alfie Amelia Archie Beatrice Callum Cerys Charlotte Dafydd Eilidh Eloise Ewan Fergus Fiona Freya Gareth Gemma Gwen Harriet
     Imogen Isla Jacob Jemima Lachlan Lewis Lydia Mairi Niamh Nigel Oliver Oscar Poppy Rhys Rory Rosalind Rupert Siân Saoirse
     Tabitha Tegan Winifred`,
    `Ainsworth Ashdown Barraclough Birtwistle Blackwood Cartwright Cholmondeley Clitheroe D'Arcy Davies Eccles Entwistle Fairclough
     Featherstone Gilchrist Grimshaw Haythornthwaite Heslop Hollingsworth Inglis Jephson Kershaw Lancaster Llewellyn MacDonald
     McAllister Ó_Briain Ormerod Pendleton Postlethwaite Ramsbottom Rowbotham Satterthwaite Smith-Jones St._Clair Tattersall
     Threlfall Uttley Whittaker Wolstenholme`,
  ),
  'de-DE': pool(
    `Anke Anneliese Bärbel Björn Detlef Dörte Elke Friederike Friedrich Gisela Götz Greta Hannelore Heike Heinrich Ingo Jana Jörg
     Jürgen Käthe Karl-Heinz Klaus Liesel Lukas Maren Matthias Mia Moritz Nele Ole Petra Rainer Sebastian Silke Sören Thorsten Ulrike
     Uwe Wiebke Wolfgang`,
    `Achterberg Bäcker Bauer Böhm Brandstätter Dürrenbach Ebner Eichhorn Fuchs Gärtner Großmann Grünwald Häußler Hoffmann Jäger Kästner
     Keller Köhler Krüger Lindemann Löwe Müller Nußbaum Oberländer Pfeiffer Quast Rößler Sauerländer Schäfer Schröder Strauß Süß
     Többen Uhlig Vogelsang von_der_Heide Weiß Wölfel Zähringer Zimmermann`,
  ),
  'fr-FR': pool(
    `Adèle Aimée Amélie Anaïs André Aurélie Benoît Camille Cécile Chloé Clément Delphine Désirée Édouard Élise Étienne Eugénie
     Fabien François Gaël Geneviève Hélène Hervé Inès Jean-Luc Jérôme Joëlle Léa Loïc Maëlys Margaux Mathéo Noémie Océane Raphaël
     Rémi Solène Thérèse Yves Zoé`,
    `Allard Aubépine Beauchêne Bélanger Benoît Bérard Bouchard Brière Caillaud Châtelain Corbière Crête D'Aubigny Delacroix-Blanc
     Desmarais Dufrêne Duprès Fabre Fontaine Garçon Gauthier Hébert Jacquemin L'Hôte Labbé Lacroix Lefèvre Léger Maréchal Mercier
     Noël Pâquet Péron Rêve Rousseau-Vidal Séguin Thénard Trémaux Vallée Vilain`,
  ),
  'es-ES': pool(
    `Adrián Agustín Alba Alejandro Álvaro Ángela Beatriz Begoña Belén Carmen César Concepción Cristóbal Dolores Elías Esperanza
     Fermín Gonzalo Iñaki Íñigo Jesús Joaquín José_Luis Julián Leire Lucía Marisol Martín Mónica Nicolás Nuria Óscar Pilar Ramón
     Raúl Rocío Sofía Tomás Verónica Ximena`,
    `Acuña Álamo Aragón Barragán Bermúdez Calderón Cañizares Cárdenas Castaño de_la_Cruz del_Río Durán Echeverría Escribano Fuentes
     Galván Garcés Ibáñez Jiménez Lázaro Luján Marín Méndez Montañés Muñoz Narváez Núñez Olmedo Ordóñez Peñalver Quiñones Ríos Rincón
     Saavedra Serrano Solís Toribio Urrutia Villaseñor Zúñiga`,
  ),
  'nl-NL': pool(
    `Anouk Bart Bram Cas Daan Eefje Evert Femke Floor Geert Hendrik Ilse Jelle Joost Katrijn Koen Lotte Maartje Noor Pieter Renée
     Roos Sander Sanne Sjoerd Teun Thijs Wout Yara Zoë`,
    `Bakker Boersma de_Boer de_Groot Dekker Dijkstra Hoekstra Huizinga Janssen Kuipers Mulder Oosterhuis Peeters Postma Schouten
     Smeets 't_Hart ten_Brink van_den_Berg van_der_Meer van_Dijk van_'t_Hof Veenstra Verhoeven Visser Vos Wagenaar Willems Zijlstra
     Zuiderveld`,
  ),
  'sv-SE': pool(
    `Åke Åsa Agneta Anders Astrid Birgitta Elin Emil Göran Gunilla Håkan Ingrid Jöns Karin Kjell Lars Linnéa Maja Märta Mikael
     Nils Örjan Per-Olof Pär Sigrid Sixten Sven Torbjörn Ulla Viggo`,
    `Ahlström Åberg Åkesson Bergström Björklund Blomqvist Dahlgren Ekdahl Engström Forsberg Gullbrand Hägglund Hedlund Höglund
     Järvinen Källström Lindqvist Löfgren Månsson Nordström Öberg Östlund Palmgren Rönnkvist Sandström Sjöberg Söderlund Törnqvist
     Wallström Wikström`,
  ),
  'pl-PL': pool(
    `Agnieszka Andrzej Bożena Bronisław Czesław Dagmara Elżbieta Gabriela Grażyna Grzegorz Halina Ireneusz Jadwiga Jerzy Józef
     Katarzyna Krzysztof Łucja Łukasz Małgorzata Mieczysław Paweł Przemysław Stanisława Sławomir Wojciech Zbigniew Żaneta Zofia
     Zdzisława`,
    `Adamczyk Bąk Błaszczyk Chmielewski Cieślak Dąbek Dziedzic Gołąb Górecki Grześkowiak Jabłoński Jaźwiński Kaźmierczak Kołodziej
     Krawczyk Łapiński Maćkowiak Mróz Nowicki Ożóg Pawłowski Przybył Rzepka Szczepański Śliwa Święcicki Wąsik Wójcicki Zając
     Żurawski`,
  ),
  'pt-BR': pool(
    `Adriana Afonso Antônio Beatriz Brás Caetano Camila Cláudia Conceição Débora Edson Fábio Fernão Flávia Gonçalo Heloísa
     Iara Inácio João Jônatas Júlia Letícia Lúcio Mário Nádia Otávio Patrícia Simão Thaís Vinícius`,
    `Abrantes Alcântara Amâncio Assunção Barbosa Brandão Cabeçada Carvalho Conceição Damasceno da_Luz dos_Anjos Esperança Figueirão
     Galvão Guimarães Leitão Magalhães Marçal Mourão Negrão Paixão Queirós Rebouças Sabóia Salomão Taveira Valadão Vilhena Zagallo`,
  ),
  'tr-TR': pool(
    `Ayşe Barış Berk Burçin Can Çağla Çiğdem Deniz Ece Elif Emre Fatma Gökhan Gül Gülşen Hüseyin İbrahim İpek Işıl Kağan Leyla
     Mert Nazlı Özgür Özlem Sıla Şebnem Tuğçe Ümit Yağmur`,
    `Akçay Aksoy Altıntaş Aydın Bozkurt Çelik Çetin Demirbaş Doğan Erdoğdu Güneş Gürbüz Işık Kılınç Kızılay Koç Ökten Özdemir
     Özgül Polat Şahinler Şen Taşkın Tunçer Uçar Ünsal Yalçın Yazıcı Yıldırım Yücel`,
  ),
  'en-IN': pool(
    `Aarav Aditi Aishwarya Ananya Anjali Arjun Asha Bhavana Chandra Deepak Devika Divya Farhan Gauri Harish Ishaan Jaya Kabir
     Kavya Lakshmi Manish Meera Mohan Nandini Nikhil Pooja Prakash Priya Rahul Rekha Rohan Sanjay Shreya Sunita Tanvi Uma Varun
     Vikram Yash Zainab`,
    `Acharya Agarwal Bhatt Bose Chatterjee Chaudhary Desai Deshpande Dutta Gokhale Gupta Iyer Jain Joshi Kapoor Kulkarni Mahajan
     Malhotra Mehta Menon Mishra Mukherjee Nair Pandey Patil Pillai Prasad Rao Reddy Saxena Sharma Shetty Sinha Srinivasan Subramaniam
     Tiwari Trivedi Varma Venkatesh Yadav`,
  ),
  'ja-JP': pool(
    `愛子:Aiko 明:Akira 彩:Aya 千尋:Chihiro 大輔:Daisuke 恵美:Emi 花子:Hanako 春樹:Haruki 秀樹:Hideki 洋子:Hiroko 健:Ken
     健太:Kenta 恭子:Kyoko 誠:Makoto 真理:Mari 美咲:Misaki 直樹:Naoki 玲奈:Rena 涼:Ryo 桜:Sakura 聡:Satoshi 翔:Sho 隆:Takashi
     智子:Tomoko 翼:Tsubasa 由美:Yumi`,
    `安藤:Ando 浅野:Asano 遠藤:Endo 福田:Fukuda 後藤:Goto 原田:Harada 石川:Ishikawa 伊藤:Ito 加藤:Kato 木村:Kimura 小林:Kobayashi
     松本:Matsumoto 三浦:Miura 森田:Morita 中川:Nakagawa 西村:Nishimura 小川:Ogawa 岡本:Okamoto 大野:Ono 斎藤:Saito 佐々木:Sasaki
     清水:Shimizu 高橋:Takahashi 上田:Ueda 和田:Wada 山口:Yamaguchi`,
  ),
  'el-GR': pool(
    `Αλέξανδρος:Alexandros Άννα:Anna Βασιλική:Vasiliki Γιώργος:Giorgos Δήμητρα:Dimitra Ελένη:Eleni Ζωή:Zoi Θανάσης:Thanasis
     Ιωάννα:Ioanna Κώστας:Kostas Λευτέρης:Lefteris Μαρία:Maria Νίκος:Nikos Ξένια:Xenia Όλγα:Olga Παύλος:Pavlos Σοφία:Sofia
     Φώτης:Fotis Χριστίνα:Christina Χρήστος:Christos`,
    `Αγγελάκη:Angelaki Βλάχος:Vlachos Γεωργίου:Georgiou Δημόπουλος:Dimopoulos Ζαχαρίας:Zacharias Ηλιάδης:Iliadis
     Θεοδώρου:Theodorou Ιωαννίδης:Ioannidis Καραγιάννης:Karagiannis Λάμπρου:Lamprou Μαυρίδης:Mavridis Νικολάου:Nikolaou
     Ξενάκης:Xenakis Οικονόμου:Oikonomou Παππάς:Pappas Ραπτόπουλος:Raptopoulos Στεφάνου:Stefanou Τσακίρης:Tsakiris
     Φωτίου:Fotiou Χατζής:Chatzis`,
  ),
} as const satisfies Record<string, NamePool>;

/** The language of a name pool. */
export type NameLanguage = keyof typeof namePools;

/** One chosen name: how it is written, and its form in Latin letters. */
export interface PersonName {
  readonly given: string;
  readonly surname: string;
  readonly asciiGiven: string;
  readonly asciiSurname: string;
}

/** Reads the two entries of a pool: how the name is written, and the letters an address is made of. */
export function readName(given: string, surname: string): PersonName {
  const [writtenGiven, latinGiven] = split(given);
  const [writtenSurname, latinSurname] = split(surname);
  return {
    given: writtenGiven,
    surname: writtenSurname,
    asciiGiven: toAscii(latinGiven),
    asciiSurname: toAscii(latinSurname),
  };
}

const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ı: 'i', ð: 'd' };
const asciiForms = new Map<string, string>();

/** Lower-case ASCII letters, digits and hyphens of a name, as mail addresses use them. */
export function toAscii(text: string): string {
  const known = asciiForms.get(text);
  if (known !== undefined) return known;
  const ascii = text
    .toLowerCase()
    .replace(/[ßøæœłđıð]/g, (letter) => LETTERS[letter] ?? '')
    .normalize('NFD')
    .replace(/[^a-z0-9-]/g, '');
  asciiForms.set(text, ascii);
  return ascii;
}

function split(entry: string): [string, string] {
  const [written = '', latin = written] = entry.split(':');
  return [written.replaceAll('_', ' '), latin.replaceAll('_', ' ')];
}

function pool(given: string, surnames: string): NamePool {
  return { given: given.split(/\s+/), surnames: surnames.split(/\s+/) };
}
