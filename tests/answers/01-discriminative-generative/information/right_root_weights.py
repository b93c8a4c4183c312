def information(theta, X, penalty):
    z = X @ theta
    A = (sigmoid(z) * sigmoid(-z)).sqrt().unsqueeze(1) * X
    return A.T @ A + torch.diag_embed(penalty)
