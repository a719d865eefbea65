"""How are the models that came with the OCR library run at less cost?"""
