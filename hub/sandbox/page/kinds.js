// The kinds of records: what of each is shown, which buttons it has, what it is called.

// What of a record tells most; a kind that is not named here shows its first plain fields.
const COLUMNS = {
  crm: {
    Accounts: ["Account_Name", "Phone", "Billing_City", "Books_Payment_Status"],
    Contacts: ["Full_Name|Last_Name", "Email", "Phone", "Account_Name"],
    Deals: ["Deal_Name", "Stage", "Amount", "Closing_Date"],
    Products: ["Product_Name", "Product_Code", "Unit_Price"],
    Quotes: ["Subject", "Quote_Stage", "Grand_Total", "Deal_Name"],
    Tasks: ["Subject", "Status", "Priority", "Due_Date"],
  },
  books: {
    contacts: ["contact_name", "email", "status", "outstanding_receivable_amount"],
    items: ["name", "sku", "rate", "unit", "status"],
    invoices: ["invoice_number", "customer_name", "status", "total", "balance", "due_date"],
    estimates: ["estimate_number", "customer_name", "status", "total", "date"],
    creditnotes: ["creditnote_number", "customer_name", "status", "total", "balance"],
    customerpayments: ["payment_number", "customer_name", "amount", "unused_amount", "date"],
  },
  desk: {
    accounts: ["accountName", "phone", "city", "website"],
    contacts: ["firstName", "lastName", "email", "phone"],
    tickets: ["ticketNumber", "subject", "status", "cf.cf_billable", "cf.cf_billed_hours", "cf.cf_books_invoice_number"],
    comments: ["content", "ticketId", "commentedTime"],
  },
  salesforce: {
    Account: ["Name", "Phone", "BillingCity", "Website"],
    Contact: ["Name|LastName", "Email", "Phone"],
    Opportunity: ["Name", "StageName", "Amount", "Books_Invoice_Number__c"],
    Quote: ["Name", "Status", "GrandTotal|TotalPrice"],
    Product2: ["Name", "ProductCode", "IsActive"],
    OpportunityLineItem: ["Name", "Quantity", "UnitPrice", "TotalPrice"],
  },
};
const HEADS = { "cf.cf_books_invoice_number": "invoice", Books_Invoice_Number__c: "invoice" };

// The buttons of the vendor's own screens that matter most: [act, label, details asked for].
const DELETE = ["delete", "Delete"];
const DROP = ["inactive", "Make inactive"];
const ACTS = {
  crm: {
    Deals: [["close", "Close as won"], ["lose", "Lose"], DELETE],
    Accounts: [DELETE], Contacts: [DELETE], Quotes: [DELETE], Products: [DELETE],
  },
  books: {
    contacts: [DROP, DELETE], items: [DROP, DELETE], customerpayments: [DELETE],
    invoices: [["send", "Send"], ["pay", "Record payment", "amount"], ["void", "Void"], DELETE],
    estimates: [["send", "Send"], ["accept", "Accept"], DELETE],
    creditnotes: [["void", "Void"], DELETE],
  },
  desk: {
    tickets: [["resolve", "Resolve"], ["close", "Close"], ["reopen", "Reopen"], ["escalate", "Escalate"], DELETE],
    accounts: [DELETE], contacts: [DELETE],
  },
  salesforce: {
    Opportunity: [["close", "Win"], ["lose", "Lose"], DELETE],
    Account: [DELETE], Contact: [DELETE], Quote: [DELETE],
  },
};

export const columnsOf = (system, kind) => COLUMNS[system]?.[kind];
export const actsOf = (system, kind) => ACTS[system]?.[kind] || [];
export const headOf = (column) => HEADS[column]
  || column.split("|")[0].replace(/^cf\.cf_/, "").replaceAll("_", " ");

const GOOD = /won|paid$|sent|confirmed|accepted|closed|delivered|^active|completed/i;
const BAD = /overdue|unpaid|void|lost|declined|expired|inactive|failed|refused|not delivered|no answer/i;

// How a status is drawn.
export const mood = (status) => (BAD.test(status) ? "pill bad" : GOOD.test(status) ? "pill" : "pill plain");
export const money = (amount) => Number(amount).toLocaleString("en", { minimumFractionDigits: 2 });

// What a visitor sees first of each system: there most of the work is done.
export const FIRST = ["Deals", "invoices", "tickets", "Opportunity"];

export const TITLES = { crm: "Zoho CRM", books: "Zoho Books", desk: "Zoho Desk", salesforce: "Salesforce" };
const ID_NAMES = { customerpayments: "payment_id", taxes: "tax_id", currencies: "currency_id" };

// The kinds that are known best come first, then the rest as the system gives them.
export const inOrder = (system, kinds) => [
  ...Object.keys(COLUMNS[system] || {}).filter((kind) => kinds.includes(kind)),
  ...kinds.filter((kind) => !columnsOf(system, kind)),
];

export const label = (kind) => ({ customerpayments: "payments", creditnotes: "credit notes" })[kind]
  || kind.replaceAll("_", " ");

export const within = (record, path) => path.split(".").reduce((one, part) => one?.[part], record);

export function value(record, column) {
  const isSaid = (one) => one !== undefined && one !== null && one !== "";
  const found = column.split("|").map((name) => within(record, name)).find(isSaid);
  if (found && typeof found === "object") return found.name ?? JSON.stringify(found);
  return found ?? "";
}

export const plainFields = (record) => Object.keys(record).filter((name) => isPlain(name, record[name]));
const isPlain = (name, one) => (one === null || typeof one !== "object") && !name.startsWith("$")
  && !/^id$|_id$|_time$|_formatted$/i.test(name)
  && !/[a-z](Id|Time|URL|Url)$|^(Created|LastModified|System|IsDeleted)/.test(name);

export function idOf(kind, record) {
  return String(record.id ?? record.Id ?? record[ID_NAMES[kind] || `${kind.replace(/s$/, "")}_id`] ?? "");
}
