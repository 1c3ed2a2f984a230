from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0003_visits')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Account',
            name='password_through',
            field=fields.CharField(default='', db_default='', max_length=120),
        ),
        ops.AddField(
            model_name='Invitation',
            name='reason',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='Session',
            name='by_link',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Session',
            name='through',
            field=fields.CharField(default='', db_default='', max_length=120),
        ),
    ]
