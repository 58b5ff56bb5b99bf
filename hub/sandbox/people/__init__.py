"""What people do at the vendors' own screens.

hands.py   what all of them can do   in_crm.py, in_books.py, in_desk.py, in_salesforce.py
"""
