# forgot to return
# raises: TypeError
def logistic_coefficients(prior, mean, var):
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
