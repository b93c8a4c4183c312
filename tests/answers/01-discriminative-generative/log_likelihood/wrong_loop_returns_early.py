# return inside of the loop: the first row only
def log_likelihood(theta, X, y):
    total = 0
    for i in range(len(y)):
        z = X[i] @ theta
        total += torch.nn.functional.logsigmoid(z if y[i] == 1 else -z)
        return total
