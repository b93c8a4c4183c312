# divided by the whole table var: coefficients of shape (2, d)
def logistic_coefficients(prior, mean, var):
    coef = (mean[1] - mean[0]) / var
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var)).sum()
    return coef, b
