// The cards of a customer, by system.
// Each: {id, title, pill, system, kind, record, boxes: [[label, path, value]], facts, acts}.

import { money, within } from "./kinds.js";

export const cardsOf = (system, found) => CARDS[system](found);

const CARDS = {
  crm: (crm) => [
    ...crm.Accounts.map((one) => card("crm", "Accounts", one, "Account", [
      ["name", "Account_Name"], ["website", "Website"], ["phone", "Phone"], ["postcode", "Billing_Code"],
      ["street", "Billing_Street"], ["city", "Billing_City"], ["country", "Billing_Country"],
    ], { facts: [["owes", one.Books_Balance], ["overdue", one.Books_Overdue_Count]] })),
    ...openFirst(crm.Deals, (one) => !isClosed(one)).map((one) => card("crm", "Deals", one, one.Deal_Name, [["amount", "Amount"]], {
      pill: one.Stage,
      facts: [["invoice", one.Books_Invoice_Number], ["paid?", one.Books_Payment_Status], ["open", one.Books_Balance],
        ["quote", quoteOf(crm, one)]],
      acts: isClosed(one) ? [] : [["close", "Close as won"], ["lose", "Lose"]],
    })),
    ...crm.Contacts.map((one) => card("crm", "Contacts", one, "Person", [
      ["first name", "First_Name"], ["last name", "Last_Name"], ["email", "Email"], ["phone", "Phone"]])),
  ],
  books: (books) => [
    ...books.contacts.map((one) => card("books", "contacts", one, "Customer", [
      ["name", "company_name"], ["website", "website"], ["phone", "phone"], ["postcode", "billing_address.zip"],
      ["street", "billing_address.address"], ["city", "billing_address.city"], ["country", "billing_address.country"],
    ], {
      id: one.contact_id, pill: one.status,
      facts: [["called", one.contact_name], ["owes", one.outstanding_receivable_amount]],
    })),
    ...books.invoices.map((one) => card("books", "invoices", one, `Invoice ${one.invoice_number}`, [["due", "due_date"]], {
      id: one.invoice_id, pill: one.status, acts: actsOfInvoice(one),
      facts: [["for", one.reference_number], ["total", one.total], ["open", one.balance],
        ["lines", one.line_items.map((line) => `${line.quantity} × ${line.name}`).join("; ")]],
    })),
    ...books.customerpayments.map((one) => card("books", "customerpayments", one, `Payment ${one.payment_number}`, [],
      { id: one.payment_id, facts: [["amount", one.amount], ["date", one.date]] })),
    ...books.contacts.flatMap((one) => one.contact_persons.map((person, at) => card("books", "contacts", one, "Person",
      ["first_name", "last_name", "email", "phone"].map((part) => [part.replace("_", " "), `contact_persons.${at}.${part}`]),
      { id: person.contact_person_id }))),
  ],
  desk: (desk) => [
    ...desk.accounts.map((one) => card("desk", "accounts", one, "Account", [
      ["name", "accountName"], ["website", "website"], ["phone", "phone"], ["postcode", "code"],
      ["street", "street"], ["city", "city"], ["country", "country"],
    ])),
    ...openFirst(desk.tickets, (one) => one.statusType !== "Closed").map((one) => card("desk", "tickets", one, `#${one.ticketNumber} ${one.subject}`, [
      ["billable", "cf.cf_billable"], ["hours", "cf.cf_billed_hours"], ["rate", "cf.cf_hourly_rate"],
    ], {
      pill: one.status, facts: [["invoice", one.cf?.cf_books_invoice_number]],
      acts: one.statusType === "Closed" ? [["reopen", "Reopen"]] : [["resolve", "Resolve"]],
    })),
    ...desk.contacts.map((one) => card("desk", "contacts", one, "Person", [
      ["first name", "firstName"], ["last name", "lastName"], ["email", "email"], ["phone", "phone"]])),
  ],
  salesforce: (sales) => [
    ...sales.Account.map((one) => card("salesforce", "Account", one, "Account", [
      ["name", "Name"], ["website", "Website"], ["phone", "Phone"], ["postcode", "BillingPostalCode"],
      ["street", "BillingStreet"], ["city", "BillingCity"], ["country", "BillingCountry"],
    ], { id: one.Id })),
    ...openFirst(sales.Opportunity, (one) => !one.IsClosed).map((one) => card("salesforce", "Opportunity", one, one.Name, [["closes", "CloseDate"]], {
      id: one.Id, pill: one.StageName,
      facts: [["invoice", one.Books_Invoice_Number__c], ["amount", one.Amount]],
      acts: one.IsClosed ? [] : [["close", "Win"], ["lose", "Lose"]],
    })),
    ...sales.Contact.map((one) => card("salesforce", "Contact", one, "Person", [
      ["first name", "FirstName"], ["last name", "LastName"], ["email", "Email"], ["phone", "Phone"]], { id: one.Id })),
  ],
};

const isClosed = (deal) => /^Closed/.test(deal.Stage);

// What was changed last comes first, and of what was changed in one minute that which is open.
const openFirst = (rows, isOpen) => [...rows.filter(isOpen), ...rows.filter((one) => !isOpen(one))]
  .sort((one, other) => minuteOf(other).localeCompare(minuteOf(one)));
const minuteOf = (one) => (one.Modified_Time || one.modifiedTime || one.LastModifiedDate || "").slice(0, 16);

function card(system, kind, record, title, paths, more = {}) {
  const boxes = paths.map(([says, path]) => [says, path, within(record, path)]);
  return { id: record.id, system, kind, record, title, boxes, ...more };
}

function quoteOf(crm, deal) {
  const quotes = crm.Quotes.filter((one) => one.Deal_Name?.id === deal.id);
  return quotes.map((one) => `${one.Quote_Stage}, ${one.Quoted_Items.length} lines, ${money(one.Grand_Total)}`).join("; ");
}

function actsOfInvoice(invoice) {
  if (invoice.status === "draft") return [["send", "Send"], ["void", "Void"]];
  if (invoice.status === "void" || !Number(invoice.balance)) return [];
  return [["pay", "Pay", { amount: Number(invoice.balance) }], ["void", "Void"]];
}
