from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0039_working_hours')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Agency',
            fields=[
                ('code', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ('name', fields.CharField(max_length=200)),
                ('credit_code', fields.CharField(default='', max_length=18)),
                ('scope', fields.CharField(default='', max_length=500)),
                ('certificate', fields.CharField(default='', max_length=80)),
                ('certificate_until', fields.DateField(null=True)),
                ('departments', ReadableJSONField(default=list)),
                ('contact', fields.CharField(default='', max_length=80)),
                ('phone', fields.CharField(default='', max_length=40)),
                ('email', fields.CharField(default='', max_length=200)),
                ('address', fields.CharField(default='', max_length=300)),
                ('note', fields.CharField(default='', max_length=200)),
                ('initials', fields.CharField(default='', db_default='', max_length=400)),
                ('retired_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'agency', 'app': 'models', 'pk_attr': 'code'},
            bases=['Model'],
        ),
    ]
