"""References from elsewhere and for elsewhere: looked up, read from files, compared, cited.

In the middle stands one neutral form, CSL-JSON (`record.py`). What comes in becomes that
first, whatever goes out is made from it. Nothing here saves anything but `drafting.py`.
"""
