"""What an editor shows and offers for a page that is being written; no editor and no protocol is known here."""
