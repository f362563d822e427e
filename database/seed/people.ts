/** Names and places of the demo workspace: an invented shop for furniture and lighting with customers in three countries. */

export interface Country {
  code: string;
  name: string;
  /** Mobile number: prefix and how many random digits follow. */
  mobile: { prefix: string; digits: number };
  city: string;
}

export const egypt: Country = { code: 'EG', name: 'Egypt', mobile: { prefix: '+2010', digits: 8 }, city: 'Cairo' };
export const emirates: Country = {
  code: 'AE',
  name: 'United Arab Emirates',
  mobile: { prefix: '+97150', digits: 7 },
  city: 'Dubai',
};
export const britain: Country = {
  code: 'GB',
  name: 'United Kingdom',
  mobile: { prefix: '+4477009', digits: 5 },
  city: 'London',
};

export const arabicFirstNames = [
  'أحمد',
  'محمد',
  'عمر',
  'يوسف',
  'خالد',
  'كريم',
  'طارق',
  'سارة',
  'ليلى',
  'مريم',
  'نور',
  'هدى',
  'فاطمة',
  'منى',
  'ياسمين',
  'رنا',
];
export const arabicLastNames = [
  'حسن',
  'علي',
  'إبراهيم',
  'مصطفى',
  'عبد الله',
  'السيد',
  'منصور',
  'الشامي',
  'خليل',
  'فاروق',
  'سليمان',
  'الحداد',
];
export const englishFirstNames = [
  'Amelia',
  'Oliver',
  'Grace',
  'Henry',
  'Isla',
  'Jack',
  'Maya',
  'Noah',
  'Priya',
  'Theo',
  'Zara',
  'Daniel',
  'Elena',
  'Marcus',
  'Nadia',
  'Sofia',
  'Adam',
  'Hannah',
  'Ravi',
  'Chloe',
];
export const englishLastNames = [
  'Walker',
  'Patel',
  'Hughes',
  'Novak',
  'Rossi',
  'Khan',
  'Murphy',
  'Fischer',
  'Bennett',
  'Okafor',
  'Lindqvist',
  'Marsh',
  'Duarte',
  'Clarke',
  'Haddad',
  'Osman',
];

export interface DemoCompany {
  name: string;
  domain: string;
  industry: string;
  country: Country;
  employees: number;
}

export const companies: readonly DemoCompany[] = [
  { name: 'Nile View Hotels', domain: 'nileview.example', industry: 'Hospitality', country: egypt, employees: 420 },
  { name: 'Delta Workspaces', domain: 'deltawork.example', industry: 'Coworking', country: egypt, employees: 35 },
  { name: 'شركة الأفق للتطوير', domain: 'alofoq.example', industry: 'Real estate', country: egypt, employees: 180 },
  {
    name: 'Marina Bay Residences',
    domain: 'marinabay.example',
    industry: 'Real estate',
    country: emirates,
    employees: 95,
  },
  { name: 'Palm Street Café', domain: 'palmstreet.example', industry: 'Restaurants', country: emirates, employees: 22 },
  {
    name: 'Saffron Interiors',
    domain: 'saffron.example',
    industry: 'Interior design',
    country: emirates,
    employees: 14,
  },
  { name: 'مجموعة الواحة', domain: 'alwaha.example', industry: 'Retail', country: emirates, employees: 260 },
  { name: 'Hartwell & Co', domain: 'hartwell.example', industry: 'Architecture', country: britain, employees: 48 },
  { name: 'Northgate Clinics', domain: 'northgate.example', industry: 'Healthcare', country: britain, employees: 130 },
  {
    name: 'Brightside Nurseries',
    domain: 'brightside.example',
    industry: 'Education',
    country: britain,
    employees: 60,
  },
  {
    name: 'Copperleaf Brewing',
    domain: 'copperleaf.example',
    industry: 'Food and drink',
    country: britain,
    employees: 27,
  },
  { name: 'Studio Meridian', domain: 'meridian.example', industry: 'Interior design', country: britain, employees: 9 },
];

export const tags: readonly { name: string; color: string }[] = [
  { name: 'VIP', color: 'violet' },
  { name: 'Wholesale', color: 'blue' },
  { name: 'Returning customer', color: 'green' },
  { name: 'Delivery', color: 'orange' },
  { name: 'Complaint', color: 'red' },
  { name: 'Newsletter', color: 'gray' },
];

export const agents: readonly { email: string; firstName: string; lastName: string; role: 'ADMIN' | 'AGENT' }[] = [
  { email: 'omar@lumen.example', firstName: 'Omar', lastName: 'Farouk', role: 'AGENT' },
  { email: 'sara@lumen.example', firstName: 'Sara', lastName: 'Bennett', role: 'AGENT' },
];

export const owner = { email: 'demo@lumen.example', firstName: 'Layla', lastName: 'Haddad' };
