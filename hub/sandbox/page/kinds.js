// The kinds of records: what of each is shown, which buttons it has, what it is called.

// What of a record tells most; a kind that is not named here shows its first plain fields.
export const COLUMNS = {
  Accounts: ["Account_Name", "Phone", "Billing_City", "Books_Payment_Status"],
  Contacts: ["Full_Name|Last_Name", "Email", "Phone", "Account_Name"],
  Deals: ["Deal_Name", "Stage", "Amount", "Closing_Date"],
  Products: ["Product_Name", "Product_Code", "Unit_Price"],
  Quotes: ["Subject", "Quote_Stage", "Grand_Total", "Deal_Name"],
  Tasks: ["Subject", "Status", "Priority", "Due_Date"],
  contacts: ["contact_name", "email", "status", "outstanding_receivable_amount"],
  items: ["name", "sku", "rate", "unit", "status"],
  invoices: ["invoice_number", "customer_name", "status", "total", "balance", "due_date"],
  estimates: ["estimate_number", "customer_name", "status", "total", "date"],
  creditnotes: ["creditnote_number", "customer_name", "status", "total", "balance"],
  customerpayments: ["payment_number", "customer_name", "amount", "unused_amount", "date"],
};

// The buttons of the vendor's own screens that matter most: [act, label, details asked for].
export const ACTS = {
  Deals: [["close", "Close as won"], ["lose", "Lose"], ["delete", "Delete"]],
  Accounts: [["delete", "Delete"]],
  Contacts: [["delete", "Delete"]],
  Quotes: [["delete", "Delete"]],
  Products: [["delete", "Delete"]],
  contacts: [["inactive", "Make inactive"], ["delete", "Delete"]],
  items: [["inactive", "Make inactive"], ["delete", "Delete"]],
  invoices: [["send", "Send"], ["pay", "Record payment", "amount"], ["void", "Void"], ["delete", "Delete"]],
  estimates: [["send", "Send"], ["accept", "Accept"], ["delete", "Delete"]],
  creditnotes: [["void", "Void"], ["delete", "Delete"]],
  customerpayments: [["delete", "Delete"]],
};

const GOOD = /won|paid$|sent|confirmed|accepted|closed|delivered|^active|completed/i;
const BAD = /overdue|unpaid|void|lost|declined|expired|inactive|failed|refused|not delivered|no answer/i;

// How a status is drawn.
export const mood = (status) => (BAD.test(status) ? "pill bad" : GOOD.test(status) ? "pill" : "pill plain");
export const money = (amount) => Number(amount).toLocaleString("en", { minimumFractionDigits: 2 });

// What a visitor sees first of each system: there most of the work is done.
export const FIRST = ["Deals", "invoices"];

export const TITLES = { crm: "Zoho CRM", books: "Zoho Books", desk: "Zoho Desk", salesforce: "Salesforce" };
const ID_NAMES = { customerpayments: "payment_id", taxes: "tax_id", currencies: "currency_id" };

// The kinds that are known best come first, then the rest as the system gives them.
export const inOrder = (kinds) => [
  ...Object.keys(COLUMNS).filter((kind) => kinds.includes(kind)),
  ...kinds.filter((kind) => !COLUMNS[kind]),
];

export const label = (kind) => ({ customerpayments: "payments", creditnotes: "credit notes" })[kind]
  || kind.replaceAll("_", " ");

export function value(record, column) {
  const isSaid = (one) => one !== undefined && one !== null && one !== "";
  const found = column.split("|").map((name) => record[name]).find(isSaid);
  if (found && typeof found === "object") return found.name ?? JSON.stringify(found);
  return found ?? "";
}

export const plainFields = (record) => Object.keys(record).filter((name) => isPlain(name, record[name]));
const isPlain = (name, one) => (one === null || typeof one !== "object") && !name.startsWith("$")
  && !/^id$|_id$|_time$|_formatted$/i.test(name);

export function idOf(kind, record) {
  return String(record.id ?? record[ID_NAMES[kind] || `${kind.replace(/s$/, "")}_id`] ?? "");
}
