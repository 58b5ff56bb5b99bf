-- What was asked already, and waits for a person or was left by one.
select item from inbox
